import { Group, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { BarList } from '../../shared/BarList';
import { Card } from '../../shared/Card';
import { bytes } from '../../shared/format';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { ExportButton } from '../../shared/list/ExportButton';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { type TopSubscriber, topPage, topQuery } from './queries';
import { directions } from './search';
import type { UsageProps } from './UsageFilters';

const columns: Column<TopSubscriber>[] = [
  { key: 'rank', label: t('usage.rank'), value: (row) => row.rank },
  { key: 'username', label: t('subscribers.col.username'), value: (row) => row.username },
  { key: 'number', label: t('subscribers.col.number'), value: (row) => row.subscriber_number },
  { key: 'name', label: t('subscribers.col.name'), value: (row) => row.full_name },
  { key: 'down', label: t('session.downTotal'), value: (row) => row.downloaded_bytes },
  { key: 'up', label: t('session.upTotal'), value: (row) => row.uploaded_bytes },
  { key: 'total', label: t('usage.total'), value: (row) => row.total_bytes },
];

const sides = { both: 'total_bytes', down: 'downloaded_bytes', up: 'uploaded_bytes' } as const;

export function TopCard({ search, days, onChange }: UsageProps) {
  const direction = search.direction ?? 'both';
  const top = useQuery(topQuery(days, direction));
  return (
    <Card
      title={t('usage.top')}
      data-testid="top"
      actions={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('usage.direction')}
            value={direction}
            onChange={(next) =>
              onChange({ direction: next === 'both' ? undefined : directions.find((one) => one === next) })
            }
            data={directions.map((value) => ({ value, label: t(`usage.direction.${value}`) }))}
          />
          <ExportButton
            name="top-subscribers"
            columns={columns}
            page={(_, signal) => topPage(days, direction, 500, signal)}
          />
        </Group>
      }
    >
      {top.isError && <ProblemAlert error={top.error} onRetry={() => top.refetch()} />}
      {top.isPending && <Skeleton height={240} />}
      {top.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('subscriber.usageNone')}
        </Text>
      )}
      <BarList
        label={t('usage.top')}
        rows={(top.data?.items ?? []).map((one) => ({
          key: one.subscriber_id,
          label: (
            <TextLink to="/subscribers/$key" params={{ key: one.subscriber_id }} size="sm">
              {one.username ?? t('usage.removed')}
            </TextLink>
          ),
          value: one[sides[direction]],
          shown: bytes(one[sides[direction]]),
          tone: 'down',
        }))}
      />
    </Card>
  );
}
