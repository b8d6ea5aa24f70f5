import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Facts } from '../../shared/Facts';
import { bytes } from '../../shared/format';
import { useProfiles } from '../../shared/lookups';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { QuotaEditor } from './QuotaEditor';
import { clearProfileQuota, profileQuotaQuery, setProfileQuota, useQuotaChanged } from './queries';

/** The cap of each subscriber of the profile that has none of its own. */
export function ProfileQuotaCard({ id }: { id: string }) {
  const mayWrite = useCan('isp.radius.write');
  const quota = useQuery(profileQuotaQuery(id));
  const profiles = useProfiles();
  const refresh = useQuotaChanged();
  const [asking, setAsking] = useState<'edit' | 'clear'>();
  const cap = quota.data;
  const throttled = profiles.find((profile) => profile.id === cap?.throttle_profile_id)?.name;
  return (
    <Card
      title={t('quota.of.profile')}
      data-testid="quota"
      actions={
        mayWrite &&
        !quota.isPending && (
          <Group gap="xs">
            {cap && (
              <Button size="xs" variant="default" onClick={() => setAsking('clear')}>
                {t('quota.clear')}
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => setAsking('edit')}>
              {cap ? t('quota.change') : t('quota.set')}
            </Button>
          </Group>
        )
      }
    >
      {quota.isError && <ProblemAlert error={quota.error} onRetry={() => quota.refetch()} />}
      {quota.isPending && <Skeleton height={48} />}
      {cap === null && (
        <Text size="sm" c="dimmed">
          {t('quota.none')}. {t('quota.profileNoneHint')}
        </Text>
      )}
      {cap && (
        <Facts
          of={[
            [t('quota.title'), bytes(cap.quota_bytes)],
            [t('quota.direction'), lookup(`quota.direction.${cap.direction}`)],
            [t('quota.reset_day'), cap.reset_day],
            [t('quota.action'), [lookup(`quota.action.${cap.action}`), throttled].filter(Boolean).join(': ')],
          ]}
        />
      )}
      {asking === 'edit' && (
        <QuotaEditor
          own={false}
          cap={cap ?? null}
          save={(body) => setProfileQuota(id, body)}
          onClose={() => setAsking(undefined)}
        />
      )}
      <ConfirmDialog
        opened={asking === 'clear'}
        onClose={() => setAsking(undefined)}
        title={t('quota.clearTitle')}
        confirm={t('quota.clear')}
        run={async () => {
          await clearProfileQuota(id);
          await refresh();
        }}
      >
        {t('quota.clearText')}
      </ConfirmDialog>
    </Card>
  );
}
