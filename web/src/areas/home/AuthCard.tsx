import { useCallback } from 'react';
import type { Dashboard } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Chart } from '../../shared/chart/Chart';
import { base, categories, type Palette } from '../../shared/chart/palette';
import { Empty } from '../../shared/Empty';
import { ButtonLink } from '../../shared/links';
import { absolute, useZone } from '../../shared/time';

/** Accepts and rejects, stacked, by five minutes. */
export function AuthCard({ auth }: { auth: Dashboard['auth'] }) {
  const zone = useZone();
  const { accepts, rejects, series, window_minutes: minutes } = auth;
  const draw = useCallback(
    (palette: Palette) => ({
      ...base(palette),
      xAxis: categories(
        palette,
        series.map(({ at }) => absolute(at, zone, 'minute').slice(11)),
      ),
      series: [
        {
          type: 'bar',
          stack: 'all',
          name: t('home.accepts'),
          itemStyle: { color: palette.ok },
          data: series.map((point) => point.accepts),
        },
        {
          type: 'bar',
          stack: 'all',
          name: t('home.rejects'),
          itemStyle: {
            color: palette.bad,
            decal: {
              symbol: 'rect',
              rotation: 0.8,
              dashArrayX: [1, 0],
              dashArrayY: [2, 3],
              color: 'rgba(255,255,255,0.35)',
            },
          },
          data: series.map((point) => point.rejects),
        },
      ],
    }),
    [series, zone],
  );

  return (
    <Card title={t('home.chart', { minutes })}>
      {accepts + rejects === 0 ? (
        <Empty
          title={t('home.noRequests')}
          action={
            <ButtonLink to="/nas" variant="default">
              {t('home.toNas')}
            </ButtonLink>
          }
        >
          {t('home.noRequestsHint')}
        </Empty>
      ) : (
        <Chart label={t('home.chartSummary', { accepts, rejects, minutes })} height={240} draw={draw} />
      )}
    </Card>
  );
}
