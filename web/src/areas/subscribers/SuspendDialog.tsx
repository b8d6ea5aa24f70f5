import { Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Subscriber } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { patchSubscriber, useSubscriberChanged } from './queries';

type Props = { subscriber: Subscriber; opened: boolean; onClose: () => void };

/** Suspends with a reason, or resumes. */
export function SuspendDialog({ subscriber, opened, onClose }: Props) {
  const [reason, setReason] = useState('');
  const refresh = useSubscriberChanged();
  const { username, suspended } = subscriber;
  const run = async () => {
    const body = suspended ? { suspended: false } : { suspended: true, suspension_reason: reason.trim() || null };
    await patchSubscriber(subscriber, body);
    await refresh();
    notifications.show({ message: t(suspended ? 'subscriber.resumeDone' : 'subscriber.suspendDone', { username }) });
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t(suspended ? 'subscriber.resumeTitle' : 'subscriber.suspendTitle', { username })}
      confirm={t(suspended ? 'subscriber.resume' : 'subscriber.suspend')}
      destructive={!suspended}
      run={run}
    >
      {suspended ? (
        t('subscriber.resumeText')
      ) : (
        <Stack gap="sm">
          {t('subscriber.suspendText')}
          <TextInput
            label={t('subscriber.suspendReason')}
            description={t('subscriber.suspendReasonHint')}
            value={reason}
            maxLength={200}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Stack>
      )}
    </ConfirmDialog>
  );
}
