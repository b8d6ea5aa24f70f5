import { Group, List, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { Chart } from '../../shared/chart/Chart';
import { base, categories, type Palette } from '../../shared/chart/palette';
import { Figure } from '../../shared/Figure';
import { count } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { absolute, Time, useZone } from '../../shared/time';

type Health = Reply<'/api/v1/radius/nas/{id}/health', 'get'>;

/** The last hour of one NAS: its requests, how fast they were answered, what was dropped, and how it takes our orders. */
export function HealthCard({ id }: { id: string }) {
  const health = useQuery({
    queryKey: ['nas', 'health', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/nas/{id}/health', { params: { path: { id } }, signal })),
    refetchInterval: 15_000,
  });
  return (
    <Card title={t('health.title')} data-testid="health">
      {health.isError && <ProblemAlert error={health.error} onRetry={() => health.refetch()} />}
      {health.isPending && <Skeleton height={220} />}
      {health.data && <Shown of={health.data} />}
    </Card>
  );
}

function Shown({ of }: { of: Health }) {
  const zone = useZone();
  const draw = useCallback(
    (palette: Palette) => ({
      ...base(palette),
      xAxis: categories(
        palette,
        of.minutes.map(({ at }) => absolute(at, zone, 'minute').slice(11)),
      ),
      series: (['accepts', 'rejects', 'accounting'] as const).map((name) => ({
        type: 'bar',
        stack: 'all',
        barMaxWidth: 24,
        name: t(`health.${name}`),
        itemStyle: { color: { accepts: palette.ok, rejects: palette.bad, accounting: palette.down }[name] },
        data: of.minutes.map((minute) => minute[name]),
      })),
    }),
    [of, zone],
  );
  const latest = of.minutes.at(-1);
  return (
    <Stack gap="sm">
      <Group gap="xl">
        <Figure label={t('health.rate')} value={of.requests_per_second.toFixed(1)} />
        <Figure
          label={t('health.rejected')}
          value={of.reject_share === null ? '–' : `${Math.round(of.reject_share * 100)} %`}
        />
        {latest && (
          <Figure
            label={t('health.answer')}
            value={t('health.ms', { ms: latest.average_ms.toFixed(1) })}
            note={t('health.slowest', { ms: latest.slowest_ms.toFixed(0) })}
          />
        )}
      </Group>
      {of.minutes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('health.none')}
        </Text>
      ) : (
        <Chart label={t('health.title')} height={180} draw={draw} />
      )}
      {of.drops.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t('health.drops')}
          </Text>
          <List size="sm">
            {of.drops.map((drop) => (
              <List.Item key={`${drop.port}${drop.reason}`}>
                {lookup(`drop.${drop.reason}`) ?? drop.reason} ({drop.port}): {count(drop.count)},{' '}
                <Time at={drop.last_at} show="age" />
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {of.coa_results.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t('health.coa')}
          </Text>
          <List size="sm">
            {of.coa_results.map((one) => (
              <List.Item key={one.outcome}>
                {lookup(`coa.outcome.${one.outcome}`) ?? one.outcome}: {count(one.count)} (
                {t('health.ms', { ms: one.average_ms.toFixed(0) })}), <Time at={one.last_at} show="age" />
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </Stack>
  );
}
