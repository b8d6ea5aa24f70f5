import { Code, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { ProblemAlert } from '../../shared/ProblemAlert';

const shown = (value: unknown) =>
  typeof value === 'object' && value !== null ? (
    <Code block>{JSON.stringify(value, null, 2)}</Code>
  ) : (
    String(value ?? '–')
  );

/** What runs: version and parts, as the server describes itself. */
export function SystemTab() {
  const system = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/system', { signal })),
  });
  return (
    <Card title={t('settings.system')}>
      {system.isError && <ProblemAlert error={system.error} onRetry={() => system.refetch()} />}
      {system.isPending && <Skeleton height={80} />}
      {system.data && (
        <Facts of={Object.entries(system.data).map(([name, value]) => [name.replaceAll('_', ' '), shown(value)])} />
      )}
    </Card>
  );
}
