import { Button, Group, Skeleton, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { bytes, duration } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Presence } from '../../shared/State';
import { Time } from '../../shared/time';
import { historyPage } from './queries';

export function HistoryCard({ id }: { id: string }) {
  const history = useInfiniteQuery({
    queryKey: ['subscriber-history', id],
    queryFn: ({ pageParam, signal }) => historyPage(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const rows = history.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <Card title={t('subscriber.history')}>
      {history.isError && <ProblemAlert error={history.error} onRetry={() => history.refetch()} />}
      {history.isPending && <Skeleton height={120} />}
      {history.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('subscriber.historyNone')}
        </Text>
      )}
      {rows.length > 0 && (
        <Table.ScrollContainer
          minWidth={420}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('subscriber.history'), role: 'group' } }}
        >
          <Table style={{ whiteSpace: 'nowrap' }} fz="xs" verticalSpacing={5} horizontalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('sessions.col.started')}</Table.Th>
                <Table.Th>{t('sessions.col.age')}</Table.Th>
                <Table.Th>{t('sessions.col.octets')}</Table.Th>
                <Table.Th>{t('sessions.col.cause')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Td>
                    <TextLink to="/sessions/$id" params={{ id: row.id }} size="xs">
                      <Time at={row.started_at} show="minute" />
                    </TextLink>
                  </Table.Td>
                  <Table.Td>{duration(row.duration_seconds)}</Table.Td>
                  <Table.Td>
                    ↓ {bytes(row.downloaded_bytes)} ↑ {bytes(row.uploaded_bytes)}
                  </Table.Td>
                  <Table.Td>{row.stopped_at ? row.terminate_cause : <Presence online />}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {history.hasNextPage && (
        <Group justify="center" mt="xs">
          <Button
            variant="subtle"
            size="xs"
            loading={history.isFetchingNextPage}
            onClick={() => history.fetchNextPage()}
          >
            {t('list.older')}
          </Button>
        </Group>
      )}
    </Card>
  );
}
