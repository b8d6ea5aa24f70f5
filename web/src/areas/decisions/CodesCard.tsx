import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lookup, t } from '../../messages';
import { BarList } from '../../shared/BarList';
import { Card } from '../../shared/Card';
import { count } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { useZone } from '../../shared/time';
import { summaryQuery } from './queries';
import type { DecisionsSearch } from './search';

type Props = { search: DecisionsSearch; onChange: (part: Partial<DecisionsSearch>) => void };

/** How often each reason was given; pressing one shows its requests. */
export function CodesCard({ search, onChange }: Props) {
  const summary = useQuery(summaryQuery(search, useZone()));
  const outcome = search.outcome ?? 'reject';
  const codes = summary.data?.codes.filter((one) => outcome === 'all' || one.outcome === outcome) ?? [];
  return (
    <Card
      title={t('decisions.byCode')}
      data-testid="codes"
      actions={
        summary.data && (
          <Text size="sm" c="dimmed">
            {t('decisions.totals', { accepts: count(summary.data.accepts), rejects: count(summary.data.rejects) })}
          </Text>
        )
      }
    >
      {summary.isError && <ProblemAlert error={summary.error} onRetry={() => summary.refetch()} />}
      {summary.isPending && <Skeleton height={96} />}
      {summary.data && codes.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('decisions.none')}
        </Text>
      )}
      <BarList
        label={t('decisions.byCode')}
        rows={codes.map((one) => ({
          key: one.code,
          label: lookup(`decision.${one.code}`) ?? one.code,
          value: one.count,
          shown: count(one.count),
          tone: one.outcome === 'accept' ? 'ok' : 'bad',
          hint: one.code === search.code ? (lookup(`decision.${one.code}.do`) ?? one.detail) : undefined,
          pressed: one.code === search.code,
          onPress: () => onChange({ code: one.code === search.code ? undefined : one.code }),
        }))}
      />
    </Card>
  );
}
