import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { BarList } from '../../shared/BarList';
import { Card } from '../../shared/Card';
import { bytes } from '../../shared/format';
import type { Column } from '../../shared/list/columns';
import { ExportButton } from '../../shared/list/ExportButton';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { type NasUsage, nasUsageQuery } from './queries';
import type { UsageProps } from './UsageFilters';

const columns: Column<NasUsage>[] = [
  { key: 'nas', label: t('session.nas'), value: (row) => row.shortname },
  { key: 'down', label: t('session.downTotal'), value: (row) => row.downloaded_bytes },
  { key: 'up', label: t('session.upTotal'), value: (row) => row.uploaded_bytes },
  { key: 'total', label: t('usage.total'), value: (row) => row.total_bytes },
  { key: 'busiest', label: t('usage.busiestDay'), value: (row) => row.busiest_day },
  { key: 'busiestBytes', label: t('usage.busiestBytes'), value: (row) => row.busiest_day_bytes },
];

/** Each NAS's share; pressing one shows its bandwidth above. */
export function NasUsageCard({ days, onChange }: Omit<UsageProps, 'search'>) {
  const usage = useQuery(nasUsageQuery(days));
  return (
    <Card
      title={t('usage.perNas')}
      data-testid="per-nas"
      actions={
        <ExportButton name="nas-usage" columns={columns} page={async () => ({ items: usage.data?.items ?? [] })} />
      }
    >
      {usage.isError && <ProblemAlert error={usage.error} onRetry={() => usage.refetch()} />}
      {usage.isPending && <Skeleton height={120} />}
      {usage.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('subscriber.usageNone')}
        </Text>
      )}
      <BarList
        label={t('usage.perNas')}
        rows={(usage.data?.items ?? []).map((one) => ({
          key: one.nas_id,
          label: one.shortname ?? t('usage.removed'),
          value: one.total_bytes,
          shown: bytes(one.total_bytes),
          tone: 'down',
          hint: t('usage.busiest', { day: one.busiest_day, bytes: bytes(one.busiest_day_bytes) }),
          onPress: () => onChange({ nas: one.nas_id }),
        }))}
      />
    </Card>
  );
}
