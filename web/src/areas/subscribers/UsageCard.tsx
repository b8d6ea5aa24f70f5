import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Usage } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Chart } from '../../shared/chart/Chart';
import type { Palette } from '../../shared/chart/palette';
import { trafficBars } from '../../shared/chart/traffic';
import { bytes } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { absolute, useZone } from '../../shared/time';
import { type UsageStep, usageQuery } from './queries';

const route = getRouteApi('/app/subscribers/$key');

export function UsageCard({ id }: { id: string }) {
  const step: UsageStep = route.useSearch({ select: (search) => search.usage ?? 'hour' });
  const navigate = route.useNavigate();
  const usage = useQuery(usageQuery(id, step));
  const choose = (next: string) =>
    navigate({ search: (now) => ({ ...now, usage: next === 'day' ? 'day' : undefined }), replace: true });

  return (
    <Card
      title={t('subscriber.usage')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('subscriber.usageStep')}
          value={step}
          onChange={choose}
          data={[
            { value: 'hour', label: t('subscriber.usage.hour') },
            { value: 'day', label: t('subscriber.usage.day') },
          ]}
        />
      }
    >
      {usage.isError && <ProblemAlert error={usage.error} onRetry={() => usage.refetch()} />}
      {usage.isPending && <Skeleton height={220} />}
      {usage.data && <Drawn usage={usage.data} step={step} />}
    </Card>
  );
}

function Drawn({ usage, step }: { usage: Usage; step: UsageStep }) {
  const zone = useZone();
  const summary = t('subscriber.usageTotal', {
    down: bytes(usage.total.downloaded_bytes),
    up: bytes(usage.total.uploaded_bytes),
  });
  const draw = useCallback(
    (palette: Palette) =>
      trafficBars(
        palette,
        usage.items.map(({ at }) => {
          const local = absolute(at, zone, 'minute');
          return step === 'hour' ? local.slice(5) : local.slice(5, 10);
        }),
        usage.items,
      ),
    [usage, step, zone],
  );

  if (usage.total.downloaded_bytes + usage.total.uploaded_bytes === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('subscriber.usageNone')}
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {summary}
      </Text>
      <Chart label={`${t('subscriber.usage')}: ${summary}`} height={220} draw={draw} />
    </>
  );
}
