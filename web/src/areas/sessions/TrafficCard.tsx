import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Session, Usage } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Chart } from '../../shared/chart/Chart';
import { base, categories, type Palette } from '../../shared/chart/palette';
import { trafficBars } from '../../shared/chart/traffic';
import { Figure } from '../../shared/Figure';
import { bitRate, bytes, duration } from '../../shared/format';
import { absolute, Time, useZone } from '../../shared/time';
import { sessionHoursQuery } from './queries';
import { type Sample, useSamples } from './useSamples';

/** Rates now, the rates since the page was opened, and the hours the session spans. */
export function TrafficCard({ session }: { session: Session }) {
  const samples = useSamples(session);
  const hours = useQuery(sessionHoursQuery(session));
  const open = !session.stopped_at;
  return (
    <Card title={t('session.traffic')} data-testid="traffic">
      <Stack gap="md">
        <Group gap="xl">
          <Figure
            label={t('session.down')}
            value={open ? bitRate(session.download_bps) : bytes(session.downloaded_bytes)}
            note={open && bytes(session.downloaded_bytes)}
            tone="down"
          />
          <Figure
            label={t('session.up')}
            value={open ? bitRate(session.upload_bps) : bytes(session.uploaded_bytes)}
            note={open && bytes(session.uploaded_bytes)}
            tone="up"
          />
          <Figure
            label={open ? t('sessions.col.age') : t('session.lasted')}
            value={duration(
              open ? (Date.now() - new Date(session.started_at).getTime()) / 1000 : session.duration_seconds,
            )}
            note={<Time at={session.started_at} />}
          />
        </Group>
        {open && samples.length > 1 && <Rates samples={samples} />}
        {open && samples.length < 2 && (
          <Text size="sm" c="dimmed">
            {t('session.ratesWait')}
          </Text>
        )}
        {hours.data && hours.data.items.length > 0 && <Hours usage={hours.data} />}
      </Stack>
    </Card>
  );
}

function Rates({ samples }: { samples: Sample[] }) {
  const zone = useZone();
  const draw = useCallback(
    (palette: Palette) => ({
      ...base(palette),
      tooltip: { ...base(palette).tooltip, valueFormatter: (value: unknown) => bitRate(Number(value)) },
      xAxis: categories(
        palette,
        samples.map(({ at }) => absolute(at, zone).slice(11)),
      ),
      yAxis: {
        ...base(palette).yAxis,
        axisLabel: { ...base(palette).yAxis.axisLabel, formatter: (value: number) => bitRate(value) },
      },
      series: (['down', 'up'] as const).map((way) => ({
        type: 'line',
        name: t(`session.${way}`),
        showSymbol: samples.length < 20,
        lineStyle: { type: way === 'up' ? 'dashed' : 'solid' },
        itemStyle: { color: palette[way] },
        data: samples.map((sample) => sample[way]),
      })),
    }),
    [samples, zone],
  );
  const label = t('session.rates');
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {label}
      </Text>
      <Chart label={label} height={160} draw={draw} />
    </div>
  );
}

function Hours({ usage }: { usage: Usage }) {
  const zone = useZone();
  const draw = useCallback(
    (palette: Palette) =>
      trafficBars(
        palette,
        usage.items.map(({ at }) => absolute(at, zone, 'minute').slice(5)),
        usage.items,
      ),
    [usage, zone],
  );
  const summary = t('subscriber.usageTotal', {
    down: bytes(usage.total.downloaded_bytes),
    up: bytes(usage.total.uploaded_bytes),
  });
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {t('session.hours')}
      </Text>
      <Chart label={`${t('session.hours')}: ${summary}`} height={180} draw={draw} />
    </div>
  );
}
