import { Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { TextLink } from '../../shared/links';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { type Item, itemsPage, type Job } from './queries';

const states = ['waiting', 'started', 'done', 'failed', 'skipped', 'cancelled'] as const;

/** Whom the job is about, and what became of each; those that failed first asked for, when there are any. */
export function JobItems({ job }: { job: Job }) {
  const [chosen, setChosen] = useState<string | null>();
  const state = chosen === undefined ? (job.failed > 0 ? 'failed' : null) : chosen;
  const list = useInfiniteQuery({
    // Read once more when the job has ended: what was seen last may be older than its end.
    queryKey: ['bulk', 'items', job.id, state, job.finished_at],
    queryFn: ({ pageParam, signal }) => itemsPage(job.id, state ?? undefined, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: job.finished_at ? false : 5_000,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="xs" data-testid="job-items">
      <Group justify="space-between" align="flex-end">
        <Select
          label={t('bulk.items')}
          placeholder={t('bulk.items.all')}
          data={states.map((value) => ({ value, label: t(`bulk.item.${value}`) }))}
          value={state}
          onChange={setChosen}
          clearable
          w={190}
        />
        <TextLink to="/provisioning/runs" search={{ parent: job.id }} size="sm">
          {t('bulk.runs')}
        </TextLink>
      </Group>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('bulk.items.none')}
        </Text>
      )}
      {items.length > 0 && (
        <Table fz="sm" verticalSpacing={4} aria-label={t('bulk.items')}>
          <Table.Tbody>
            {items.map((item) => (
              <Row key={item.subscriber_id} item={item} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {list.hasNextPage && (
        <Button variant="subtle" size="xs" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('bulk.items.more')}
        </Button>
      )}
    </Stack>
  );
}

function Row({ item }: { item: Item }) {
  const name = [item.subscriber_number, item.username].filter(Boolean).join(' · ') || item.subscriber_id;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {item.run_id ? (
          <TextLink to="/provisioning/runs/$id" params={{ id: item.run_id }} inherit>
            {name}
          </TextLink>
        ) : (
          <TextLink to="/subscribers/$key" params={{ key: item.subscriber_id }} inherit>
            {name}
          </TextLink>
        )}
        {(item.error_message ?? item.error_code) && (
          <Text size="xs" c="var(--dm-bad)">
            {item.error_message ?? item.error_code}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right" c="dimmed">
        {lookup(`bulk.item.${item.state}`) ?? item.state}
      </Table.Td>
    </Table.Tr>
  );
}
