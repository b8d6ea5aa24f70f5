import { Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lookup, t } from '../../../messages';
import { ProblemAlert } from '../../../shared/ProblemAlert';
import { Time } from '../../../shared/time';
import { diff, shown } from '../../audit/diff';
import { auditPage } from './queries';

/** Says nothing that the entry does not say already. */
const noise = new Set(['created_at', 'updated_at', 'subscriber_id', 'tenant_id', 'id', 'version']);

/** Fields of the line that the subscriber's row calls otherwise. */
const aliases: Record<string, string> = {
  vlan_id: 'service_vlan',
  framed_ipv4_address: 'static_ipv4',
  framed_ipv4_netmask: 'ipv4_netmask',
  framed_ipv6_address: 'static_ipv6',
  framed_ipv6_prefix: 'ipv6_prefix',
  ipv6_mode: 'ipv6_assignment_mode',
  framed_ipv4_pool: 'nas_ipv4_pool',
  framed_ipv6_pool: 'nas_ipv6_pool',
  delegated_ipv6_pool: 'nas_pd_pool',
};

/** Who changed the line, when, and each field before and after. */
export function HistoryTab({ id }: { id: string }) {
  const history = useInfiniteQuery({
    queryKey: ['network-profile', id, 'audit'],
    queryFn: ({ pageParam, signal }) => auditPage(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const entries = history.data?.pages.flatMap((page) => page.items) ?? [];
  if (history.isError) {
    return <ProblemAlert error={history.error} onRetry={() => history.refetch()} />;
  }
  if (history.isPending) {
    return <Skeleton height={160} />;
  }
  if (entries.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('line.history.none')}
      </Text>
    );
  }
  return (
    <Stack gap="md">
      {entries.map((entry) => (
        <div key={entry.seq} data-testid="line-change">
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              {t('line.history.by', {
                action: lookup(`line.action.${entry.action}`) ?? entry.action,
                who: entry.actor_name === 'run' ? t('line.history.run') : entry.actor_name,
              })}
            </Text>
            <Text size="xs" c="dimmed">
              <Time at={entry.at} />
            </Text>
          </Group>
          <Table fz="xs" layout="fixed" verticalSpacing={3} aria-label={entry.action}>
            <Table.Tbody>
              {diff(entry.before, entry.after)
                .filter((change) => change.differs && !noise.has(change.field))
                .map((change) => (
                  <Table.Tr key={change.field}>
                    <Table.Th scope="row" fw={500} w="42%">
                      {lookup(`line.${aliases[change.field] ?? change.field}`) ?? change.field}
                    </Table.Th>
                    <Table.Td className="mono" style={{ overflowWrap: 'anywhere' }}>
                      {shown(change.before)} → {shown(change.after)}
                    </Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
      {history.hasNextPage && (
        <Button variant="subtle" size="xs" loading={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
          {t('list.older')}
        </Button>
      )}
    </Stack>
  );
}
