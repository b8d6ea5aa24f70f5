import { Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Chart } from '../../shared/chart/Chart';
import { base, categories, type Palette } from '../../shared/chart/palette';
import { trafficBars } from '../../shared/chart/traffic';
import { Empty } from '../../shared/Empty';
import { Figure } from '../../shared/Figure';
import { bitRate, bytes } from '../../shared/format';
import { ButtonLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { ExportButton } from '../../shared/list/ExportButton';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { absolute, useZone } from '../../shared/time';
import { seriesQuery, type UsageSeries } from './queries';
import type { UsageProps } from './UsageFilters';

type Bucket = UsageSeries['items'][number];

const columns: Column<Bucket>[] = [
  { key: 'at', label: t('decisions.col.at'), value: (row) => row.at },
  { key: 'down', label: t('session.downTotal'), value: (row) => row.downloaded_bytes },
  { key: 'up', label: t('session.upTotal'), value: (row) => row.uploaded_bytes },
  { key: 'downBps', label: t('session.down'), value: (row) => row.download_bps },
  { key: 'upBps', label: t('session.up'), value: (row) => row.upload_bps },
  { key: 'downPeak', label: t('usage.peakDown'), value: (row) => row.download_peak_bps },
  { key: 'upPeak', label: t('usage.peakUp'), value: (row) => row.upload_peak_bps },
];

export function SeriesCard({ search, days, onChange }: UsageProps) {
  const series = useQuery(seriesQuery(days, days.step, search.nas));
  const show = search.show ?? 'rate';
  return (
    <Card
      title={show === 'rate' ? t('usage.bandwidth') : t('usage.volume')}
      data-testid="series"
      actions={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('usage.show')}
            value={show}
            onChange={(next) => onChange({ show: next === 'volume' ? next : undefined })}
            data={[
              { value: 'rate', label: t('usage.bandwidth') },
              { value: 'volume', label: t('usage.volume') },
            ]}
          />
          <ExportButton name="usage" columns={columns} page={async () => ({ items: series.data?.items ?? [] })} />
        </Group>
      }
    >
      {series.isError && <ProblemAlert error={series.error} onRetry={() => series.refetch()} />}
      {series.isPending && <Skeleton height={330} />}
      {series.data && series.data.total.total_bytes === 0 && (
        <Empty
          title={t('usage.empty')}
          action={
            <ButtonLink to="/nas" variant="default">
              {t('home.toNas')}
            </ButtonLink>
          }
        >
          {t('usage.emptyHint')}
        </Empty>
      )}
      {series.data && series.data.total.total_bytes > 0 && <Drawn series={series.data} show={show} />}
    </Card>
  );
}

function Drawn({ series, show }: { series: UsageSeries; show: 'rate' | 'volume' }) {
  const zone = useZone();
  const { items, total, step } = series;
  const most = (of: (bucket: Bucket) => number | null) => Math.max(0, ...items.map((bucket) => of(bucket) ?? 0));
  const draw = useCallback(
    (palette: Palette) => {
      const names = items.map(({ at }) => {
        const local = absolute(at, zone, 'minute');
        return step === 'hour' ? local.slice(5) : local.slice(0, 10);
      });
      return show === 'volume' ? trafficBars(palette, names, items) : rates(palette, names, items);
    },
    [items, step, show, zone],
  );
  const summary = t('subscriber.usageTotal', { down: bytes(total.downloaded_bytes), up: bytes(total.uploaded_bytes) });
  const busiest = most((bucket) => bucket.download_peak_bps ?? bucket.download_bps);
  return (
    <Stack gap="sm">
      <Group gap="xl">
        <Figure label={t('session.downTotal')} value={bytes(total.downloaded_bytes)} tone="down" />
        <Figure label={t('session.upTotal')} value={bytes(total.uploaded_bytes)} tone="up" />
        <Figure label={t('usage.peakDown')} value={bitRate(busiest)} />
        <Figure
          label={t('usage.peakUp')}
          value={bitRate(most((bucket) => bucket.upload_peak_bps ?? bucket.upload_bps))}
        />
      </Group>
      <Chart label={`${t('usage.title')}: ${summary}`} height={280} draw={draw} />
      <Text size="xs" c="dimmed">
        {show === 'rate' ? t('usage.rateNote', { minutes: series.peak_seconds / 60 }) : t('usage.volumeNote')}
      </Text>
    </Stack>
  );
}

/** Means as lines, peaks as thin dotted ones of the same colour. */
function rates(palette: Palette, names: string[], items: Bucket[]) {
  const common = base(palette);
  const line = (name: string, color: string, data: (number | null)[], peak: boolean) => ({
    type: 'line',
    name,
    showSymbol: items.length < 2,
    smooth: false,
    itemStyle: { color },
    lineStyle: { width: peak ? 1 : 2, type: peak ? 'dotted' : 'solid' },
    areaStyle: peak ? undefined : { color, opacity: 0.08 },
    data,
  });
  return {
    ...common,
    tooltip: {
      ...common.tooltip,
      valueFormatter: (value: unknown) => (value == null ? '–' : bitRate(Number(value))),
    },
    xAxis: { ...categories(palette, names), boundaryGap: items.length < 2 },
    yAxis: {
      ...common.yAxis,
      axisLabel: { ...common.yAxis.axisLabel, formatter: (value: number) => bitRate(value) },
    },
    series: [
      line(
        t('session.down'),
        palette.down,
        items.map((one) => one.download_bps),
        false,
      ),
      line(
        t('session.up'),
        palette.up,
        items.map((one) => one.upload_bps),
        false,
      ),
      line(
        t('usage.peakDown'),
        palette.down,
        items.map((one) => one.download_peak_bps),
        true,
      ),
      line(
        t('usage.peakUp'),
        palette.up,
        items.map((one) => one.upload_peak_bps),
        true,
      ),
    ],
  };
}
