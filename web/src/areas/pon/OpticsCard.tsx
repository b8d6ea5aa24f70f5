import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Reply } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Chart } from '../../shared/chart/Chart';
import { base, categories, type Palette } from '../../shared/chart/palette';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { absolute, useZone } from '../../shared/time';
import { opticsQuery, type Span } from './queries';
import { spans } from './search';
import { Simulated } from './words';

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
          <Lines of={optics.data} />
        ))}
    </Card>
  );
}

function Lines({ of }: { of: Optics }) {
  const zone = useZone();
  const draw = useCallback(
    (palette: Palette) => ({
      ...base(palette),
      xAxis: categories(
        palette,
        of.points.map(({ at }) => absolute(at, zone, 'minute').slice(5)),
      ),
      yAxis: {
        type: 'value',
        scale: true,
        axisLabel: { color: palette.text, formatter: '{value} dBm' },
        splitLine: { lineStyle: { color: palette.line } },
      },
      series: [
        ...(['rx_power_dbm', 'olt_rx_dbm'] as const).map((name) => ({
          type: 'line',
          showSymbol: of.points.length < 30,
          name: t(name === 'rx_power_dbm' ? 'pon.onu.rx' : 'pon.onu.oltRx'),
          itemStyle: { color: name === 'rx_power_dbm' ? palette.down : palette.up },
          data: of.points.map((point) => point[name]),
        })),
        {
          type: 'line',
          name: t('pon.limit.warning'),
          showSymbol: false,
          lineStyle: { type: 'dashed', width: 1 },
          itemStyle: { color: palette.bad },
          data: of.points.map(() => of.rx_warning_dbm),
        },
      ],
    }),
    [of, zone],
  );
  const levels = of.points.map((point) => point.rx_power_dbm);
  const summary = `${Math.min(...levels).toFixed(1)} – ${Math.max(...levels).toFixed(1)} dBm`;
  return <Chart label={`${t('pon.onu.history')}: ${summary}`} height={260} draw={draw} />;
}
