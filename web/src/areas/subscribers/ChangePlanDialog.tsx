import { Select, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { Subscriber } from '../../api/types';
import { t, tn } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useProfiles } from '../../shared/lookups';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { useSuspensionChanged } from './suspensions';

type Rates = { name: string; download_rate_kbps: number; upload_rate_kbps: number };
const values = (plan: Rates) => ({ name: plan.name, down: plan.download_rate_kbps, up: plan.upload_rate_kbps });

/** Another plan: what would be, as soon as one is chosen; then once "change". */
export function ChangePlanDialog({ subscriber, onClose }: { subscriber: Subscriber; onClose: () => void }) {
  const profiles = useProfiles();
  const [plan, setPlan] = useState<string | null>(null);
  const changed = useSuspensionChanged();
  const ask = (dry_run: boolean) =>
    take(
      api.POST('/api/v1/subscribers/{key}/change-plan', {
        params: { path: { key: subscriber.id } },
        body: { bandwidth_profile_id: plan, dry_run },
      }),
    );
  const preview = useQuery({
    queryKey: ['subscriber', 'change-plan', subscriber.id, plan],
    queryFn: () => ask(true),
    enabled: plan !== null,
    retry: false,
  });
  const run = async () => {
    await ask(false);
    await changed();
    notifications.show({ message: t('plan.started', { username: subscriber.username }) });
  };
  const found = preview.data;
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('plan.changeTitle', { username: subscriber.username })}
      confirm={t('plan.change')}
      run={run}
    >
      <Stack gap="sm">
        <Select
          label={t('plan.to')}
          value={plan}
          onChange={setPlan}
          data={profiles
            .filter((one) => one.id !== subscriber.bandwidth_profile?.id)
            .map((one) => ({ value: one.id, label: one.name }))}
          searchable
        />
        {preview.isError && <ProblemAlert error={preview.error} />}
        {found && (
          <Stack gap={4} role="status" data-testid="plan-preview">
            <Text size="sm">{found.from ? t('plan.from', values(found.from)) : t('plan.none')}</Text>
            <Text size="sm" fw={600}>
              {t('plan.then', values(found.to))}
            </Text>
            {found.sessions > 0 && <Text size="sm">{tn('plan.sessions', found.sessions)}</Text>}
            <Text size="sm">{t(found.charged ? 'plan.charged' : 'plan.notCharged')}</Text>
          </Stack>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
