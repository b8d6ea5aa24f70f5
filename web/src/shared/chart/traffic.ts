import { t } from '../../messages';
import { bytes } from '../format';
import { base, categories, type Palette } from './palette';

export type Volume = { downloaded_bytes: number; uploaded_bytes: number };

/** Volumes as stacked bars, download below upload: the picture of every usage chart. */
export function trafficBars(palette: Palette, names: string[], points: Volume[]) {
  const common = base(palette);
  return {
    ...common,
    tooltip: { ...common.tooltip, valueFormatter: (value: unknown) => bytes(Number(value)) },
    xAxis: categories(palette, names),
    yAxis: { ...common.yAxis, axisLabel: { ...common.yAxis.axisLabel, formatter: bytes } },
    series: [
      {
        type: 'bar',
        stack: 'all',
        barMaxWidth: 36,
        name: t('subscriber.downloaded'),
        itemStyle: { color: palette.down },
        data: points.map((point) => point.downloaded_bytes),
      },
      {
        type: 'bar',
        stack: 'all',
        barMaxWidth: 36,
        name: t('subscriber.uploaded'),
        itemStyle: { color: palette.up },
        data: points.map((point) => point.uploaded_bytes),
      },
    ],
  };
}
