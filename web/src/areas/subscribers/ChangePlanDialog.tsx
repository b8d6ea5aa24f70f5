import { Select, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { Subscriber } from '../../api/types';
import { t, tn } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { LaterField } from '../../shared/form/LaterField';
import { laterOf } from '../../shared/form/later';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { useProfiles } from '../../shared/lookups';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { absolute, useZone } from '../../shared/time';
import { reading, runsQuery } from '../provisioning/queries';
import { isOrderedBefore, ordersOf } from './change/plans';
import { useSuspensionChanged } from './suspensions';

type Rates = { name: string; download_rate_kbps: number; upload_rate_kbps: number };
const values = (plan: Rates) => ({
  name: plan.name,
  down: count(plan.download_rate_kbps),
  up: count(plan.upload_rate_kbps),
});

/** Another plan: what would be, as soon as one is chosen; then once "change". */
export function ChangePlanDialog({ subscriber, onClose }: { subscriber: Subscriber; onClose: () => void }) {
  const profiles = useProfiles();
  const mayRead = useCan(reading);
  const waiting = useQuery({
    ...runsQuery({ subject: subscriber.id, definition: 'change_plan', status: 'pending' }),
    enabled: mayRead,
  });
  const ordered = ordersOf(waiting.data?.items ?? []);
  const [picked, setPicked] = useState<string | null>(null);
  const [minute, setMinute] = useState('');
  const zone = useZone();
  const { at, past } = laterOf(minute, zone);
  const changed = useSuspensionChanged();
  const current = subscriber.bandwidth_profile?.id;
  // Back to the one that it has now is a change, when by then it has another; who may not read the orders is told by the preview.
  const offersCurrent = at !== undefined && (!mayRead || isOrderedBefore(ordered, at));
  const plan = picked === current && !offersCurrent ? null : picked;
  const ask = (dry_run: boolean) =>
    take(
      api.POST('/api/v1/subscribers/{key}/change-plan', {
        params: { path: { key: subscriber.id } },
        body: { bandwidth_profile_id: plan, dry_run, at },
      }),
    );
  const preview = useQuery({
    queryKey: ['subscriber', 'change-plan', subscriber.id, plan, at],
    queryFn: () => ask(true),
    enabled: plan !== null && !past,
    retry: false,
  });
  const run = async () => {
    await ask(false);
    await changed();
    const { username } = subscriber;
    notifications.show({
      message: at ? t('plan.ordered', { username, at: absolute(at, zone, 'minute') }) : t('plan.started', { username }),
    });
  };
  const found = preview.data;
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('plan.changeTitle', { username: subscriber.username })}
      confirm={t('plan.change')}
      disabled={past || !preview.data}
      run={run}
    >
      <Stack gap="sm">
        <Select
          label={t('plan.to')}
          value={plan}
          onChange={setPicked}
          data={profiles
            .filter((one) => one.id !== current || offersCurrent)
            .map((one) => ({
              value: one.id,
              label: one.id === current ? t('plan.current', { name: one.name }) : one.name,
            }))}
          searchable
        />
        <LaterField
          value={minute}
          error={past && t('later.past')}
          onChange={(event) => setMinute(event.currentTarget.value)}
        />
        {ordered.length > 0 && (
          <div data-testid="plan-orders">
            {ordered.map((one) => (
              <Text key={one.id} size="sm" c="dimmed">
                <TextLink to="/provisioning/runs/$id" params={{ id: one.id }} inherit>
                  {t('plan.orderedFor', { at: absolute(one.at, zone, 'minute') })}
                </TextLink>
              </Text>
            ))}
          </div>
        )}
        {preview.isError && <ProblemAlert error={preview.error} />}
        {found && (
          <Stack gap={4} role="status" data-testid="plan-preview">
            <Text size="sm">{found.from ? t('plan.from', values(found.from)) : t('plan.none')}</Text>
            <Text size="sm" fw={600}>
              {t(plan === current ? 'plan.back' : 'plan.then', values(found.to))}
            </Text>
            {found.sessions > 0 && <Text size="sm">{tn('plan.sessions', found.sessions)}</Text>}
            <Text size="sm">{t(found.charged ? 'plan.charged' : 'plan.notCharged')}</Text>
          </Stack>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
