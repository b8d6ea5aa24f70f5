import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Figure } from '../../shared/Figure';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { statisticsQuery } from './queries';
import { took } from './run';

/** How runs stand: going on, waiting for somebody, and how the last day went. */
export function StatisticsRow() {
  const { data } = useQuery(statisticsQuery);
  if (!data) {
    return null;
  }
  const of = (status: string) => data.definitions.reduce((sum, one) => sum + (one.by_status[status] ?? 0), 0);
  const provision = data.definitions.find((one) => one.definition === 'provision');
  const seconds = (value: number | null | undefined) => (value == null ? '–' : took(value * 1000));
  return (
    <SimpleGrid cols={{ base: 2, md: 5 }} spacing="sm" data-testid="run-statistics">
      <Card>
        <Figure label={t('runs.unfinished')} value={count(data.unfinished)} />
      </Card>
      <Card>
        <Figure
          label={t('run.status.stuck')}
          value={count(data.stuck)}
          tone={data.stuck > 0 ? 'bad' : undefined}
          note={
            data.stuck > 0 && (
              <TextLink to="/provisioning/repairs" size="xs">
                {t('repairs.title')}
              </TextLink>
            )
          }
        />
      </Card>
      <Card>
        <Figure
          label={t('run.status.degraded')}
          value={count(data.degraded)}
          note={
            data.degraded > 0 && (
              <TextLink to="/provisioning/repairs" search={{ tab: 'degraded' }} size="xs">
                {t('repairs.title')}
              </TextLink>
            )
          }
        />
      </Card>
      <Card>
        <Figure
          label={t('runs.lastDay')}
          value={count(of('completed') + of('degraded'))}
          note={t('runs.undone', { count: count(of('compensated')) })}
        />
      </Card>
      <Card>
        <Figure
          label={t('runs.provisionTime')}
          value={seconds(provision?.p50_seconds)}
          note={t('runs.p95', { value: seconds(provision?.p95_seconds) })}
        />
      </Card>
    </SimpleGrid>
  );
}
