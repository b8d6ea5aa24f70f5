import { Alert, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { Subscriber } from '../../api/types';
import { t } from '../../messages';
import { Time } from '../../shared/time';

/** Above everything else on the page of a suspended subscriber: why, since when, and what its logins get. */
export function SuspendedNote({ subscriber }: { subscriber: Subscriber }) {
  const filter = subscriber.walled_garden_filter_id;
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconLock size={18} aria-hidden />}
      title={subscriber.suspension_reason ?? t('subscriber.suspended')}
      styles={{
        title: { color: 'var(--dm-warn)' },
        icon: { color: 'var(--dm-warn)' },
        message: { color: 'var(--mantine-color-text)' },
      }}
      data-testid="suspended"
    >
      <Text size="sm">
        {t('subscriber.suspendedSince')} <Time at={subscriber.suspended_at} show="minute" />.{' '}
        {filter ? t('subscriber.suspendedInto', { filter }) : t('subscriber.suspendedOut')}
      </Text>
    </Alert>
  );
}
