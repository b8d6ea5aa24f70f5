import { Button, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Facts } from '../../shared/Facts';
import { bytes } from '../../shared/format';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { QuotaEditor } from './QuotaEditor';
import { clearSubscriberQuota, setSubscriberQuota, subscriberQuotaQuery, useQuotaChanged } from './queries';
import { TopUpDialog } from './TopUpDialog';

type Quota = Reply<'/api/v1/subscribers/{key}/quota', 'get'>;

/** How much of this period's volume is used, whose cap it is, and what happens at its end. */
export function SubscriberQuotaCard({ id }: { id: string }) {
  const mayWrite = useCan('isp.radius.write');
  const quota = useQuery(subscriberQuotaQuery(id));
  const refresh = useQuotaChanged();
  const [asking, setAsking] = useState<'edit' | 'clear' | 'top-up'>();
  const close = () => setAsking(undefined);
  const { data } = quota;
  const capped = data?.limit_bytes != null;
  return (
    <Card
      title={t('quota.title')}
      data-testid="quota"
      actions={
        mayWrite &&
        data && (
          <Group gap="xs">
            {capped && (
              <Button size="xs" variant="default" onClick={() => setAsking('top-up')}>
                {t('quota.topUp')}
              </Button>
            )}
            {data.source === 'subscriber' && (
              <Button size="xs" variant="default" onClick={() => setAsking('clear')}>
                {t('quota.clear')}
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => setAsking('edit')}>
              {data.source === 'subscriber' ? t('quota.change') : t('quota.set')}
            </Button>
          </Group>
        )
      }
    >
      {quota.isError && <ProblemAlert error={quota.error} onRetry={() => quota.refetch()} />}
      {quota.isPending && <Skeleton height={72} />}
      {data && <Shown quota={data} />}
      {asking === 'edit' && data && (
        <QuotaEditor
          own
          cap={data.source === 'none' ? null : { ...data, throttle_profile_id: data.throttle_profile?.id }}
          save={(body) => setSubscriberQuota(id, body)}
          onClose={close}
        />
      )}
      {data && <TopUpDialog id={id} end={data.period_end} opened={asking === 'top-up'} onClose={close} />}
      <ConfirmDialog
        opened={asking === 'clear'}
        onClose={close}
        title={t('quota.clearTitle')}
        confirm={t('quota.clear')}
        run={async () => {
          await clearSubscriberQuota(id);
          await refresh();
        }}
      >
        {t('quota.clearText')}
      </ConfirmDialog>
    </Card>
  );
}

function Shown({ quota }: { quota: Quota }) {
  const { limit_bytes: limit, percent } = quota;
  const tone = (percent ?? 0) >= 100 ? 'var(--dm-bad)' : (percent ?? 0) >= 80 ? 'var(--dm-warn)' : 'var(--dm-down)';
  return (
    <Stack gap="xs">
      {limit === null ? (
        <Text size="sm" c="dimmed">
          {t('quota.none')}. {t('quota.noneHint')} {t('quota.usedFree', { used: bytes(quota.used_bytes) })}.
        </Text>
      ) : (
        <>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600} data-testid="quota-used">
              {t('quota.used', { used: bytes(quota.used_bytes), limit: bytes(limit) })} ({percent} %)
            </Text>
            {quota.in_force !== 'none' && (
              <State tone="warn">{lookup(`quota.inForce.${quota.in_force}`) ?? quota.in_force}</State>
            )}
          </Group>
          <Progress value={Math.min(100, percent ?? 0)} color={tone} aria-label={t('quota.title')} />
          <Text size="xs" c="dimmed">
            {t('quota.remaining', { remaining: bytes(Math.max(0, quota.remaining_bytes ?? 0)), end: quota.period_end })}
          </Text>
          <Facts
            of={[
              [t('quota.source'), lookup(`quota.source.${quota.source}`)],
              [t('quota.direction'), lookup(`quota.direction.${quota.direction}`)],
              [
                t('quota.action'),
                [lookup(`quota.action.${quota.action}`), quota.throttle_profile?.name].filter(Boolean).join(': '),
              ],
              [
                t('quota.bonus'),
                quota.top_ups.length > 0 &&
                  quota.top_ups
                    .map((one) => t('quota.by', { bytes: bytes(one.bytes), who: one.created_by }))
                    .join('; '),
              ],
            ]}
          />
        </>
      )}
    </Stack>
  );
}
