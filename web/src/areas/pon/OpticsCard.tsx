import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Reply } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Chart } from '../../shared/chart/Chart';
import { base, type Palette } from '../../shared/chart/palette';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { absolute, useZone } from '../../shared/time';
import { withGaps } from './optics';
import { opticsQuery, type Span, spanMs } from './queries';
import { spans } from './search';
import { dbm, Simulated } from './words';

type Optics = Reply<'/api/v1/pon/onus/{serial}/optics', 'get'>;
type Props = { serial: string; span: Span; onSpan: (span: Span) => void };

/** The light at both ends over time, with the level below which it is an alarm. */
export function OpticsCard({ serial, span, onSpan }: Props) {
  const optics = useQuery(opticsQuery(serial, span));
  return (
    <Card
      title={
        <>
          {t('pon.onu.history')} <Simulated of={optics.data} />
        </>
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('pon.onu.history')}
          data={spans.map((value) => ({ value, label: t(`pon.range.${value}`) }))}
          value={span}
          onChange={(next) => onSpan(spans.find((one) => one === next) ?? 'day')}
        />
      }
      data-testid="optics"
    >
      {optics.isError && <ProblemAlert error={optics.error} onRetry={() => optics.refetch()} />}
      {optics.isPending && <Skeleton height={240} />}
      {optics.data &&
        (optics.data.points.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('pon.onu.historyNone')}
          </Text>
        ) : (
          <Lines of={optics.data} until={optics.dataUpdatedAt} span={spanMs(span)} />
        ))}
    </Card>
  );
}

type LinesProps = { of: Optics; until: number; span: number };

function Lines({ of, until, span }: LinesProps) {
  const zone = useZone();
  const draw = useCallback(
    (palette: Palette) => ({
      ...base(palette),
      tooltip: {
        ...base(palette).tooltip,
        formatter: (marks: { seriesName: string; value: [number, number | null] }[]) =>
          [
            absolute(marks[0]?.value[0] ?? until, zone, 'minute'),
            ...marks.map(({ seriesName, value }) => `${seriesName}: ${dbm(value[1])}`),
          ].join('\n'),
      },
      xAxis: {
        type: 'time',
        min: until - span,
        max: until,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: palette.line } },
        axisLabel: {
          color: palette.text,
          fontSize: 11,
          hideOverlap: true,
          formatter: (at: number) => absolute(at, zone, 'minute').slice(...(span > spanMs('day') ? [5, 10] : [11])),
        },
      },
      yAxis: {
        type: 'value',
        scale: true,
        axisLabel: { color: palette.text, formatter: '{value} dBm' },
        splitLine: { lineStyle: { color: palette.line } },
      },
      series: [
        ...(['rx_power_dbm', 'olt_rx_dbm'] as const).map((name) => ({
          type: 'line',
          connectNulls: false,
          // A measurement that stands alone between two gaps is still seen.
          symbolSize: of.points.length < 30 ? 4 : 2,
          name: t(name === 'rx_power_dbm' ? 'pon.onu.rx' : 'pon.onu.oltRx'),
          itemStyle: { color: name === 'rx_power_dbm' ? palette.down : palette.up },
          data: withGaps(of.points, name, span),
        })),
        ...(['warning', 'critical'] as const).map((level) => ({
          type: 'line',
          name: t(`pon.limit.${level}`),
          // Without a symbol the legend shows the line as it is drawn, so that the two are told apart.
          symbol: 'none',
          lineStyle: { type: level === 'warning' ? 'dotted' : 'dashed', width: 1 },
          itemStyle: { color: palette.bad },
          data: [until - span, until].map((at) => [at, of[`rx_${level}_dbm`]]),
        })),
      ],
    }),
    [of, zone, until, span],
  );
  const levels = of.points.map((point) => point.rx_power_dbm);
  const summary = `${Math.min(...levels).toFixed(1)} – ${Math.max(...levels).toFixed(1)} dBm`;
  return <Chart label={`${t('pon.onu.history')}: ${summary}`} height={260} draw={draw} />;
}
