import { ActionIcon, Group, Stack, Text } from '@mantine/core';
import { IconRowInsertBottom } from '@tabler/icons-react';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Page } from '../../api/types';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import { type Column, useColumnChoice } from '../../shared/list/columns';
import { ListTools } from '../../shared/list/ListTools';
import { useSorting } from '../../shared/list/useSorting';
import { poolFields } from './fields';
import { PoolName, poolColumns, settable } from './poolColumns';
import { addRange, type Pool, poolsPage, poolsQuery, records, useSiteOptions, useVrfOptions } from './queries';
import { RecordEditor } from './RecordEditor';
import { type RecordKind, RecordList } from './RecordList';
import { RecordTab } from './RecordTab';
import { capacity } from './SpaceMap';

const route = getRouteApi('/app/ipam');

export function PoolsTab() {
  const { q, cursor, sort } = route.useSearch();
  const sorting = useSorting(columns, 'name');
  const navigate = route.useNavigate();
  const choice = useColumnChoice('pools', columns);
  return (
    <Stack>
      <Group justify="flex-end">
        <ListTools
          list="pools"
          columns={columns}
          {...choice}
          search={{ tab: 'pools', q, sort }}
          onOpen={(view) => navigate({ search: view })}
          page={(next, signal) => poolsPage({ q, sort: sorting.sort, cursor: next, limit: 500 }, signal)}
        />
      </Group>
      <RecordTab
        kind={usePoolKind(choice.visible)}
        query={useQuery(poolsQuery({ q, sort: sorting.sort, cursor, limit: 50 }))}
        sorting={sorting}
      />
    </Stack>
  );
}

/** The pools of one prefix. */
export const PoolList = ({ query }: { query: UseQueryResult<Page<Pool>> }) => (
  <RecordList kind={usePoolKind()} query={query} />
);

function usePoolKind(shown = columns): RecordKind<Pool> {
  const [vrfs, sites] = [useVrfOptions(), useSiteOptions()];
  return {
    name: t('ipam.tab.pools'),
    columns: shown,
    fields: () => poolFields(vrfs, sites),
    records: records.pool,
    words: { add: t('ipam.addPool'), empty: t('ipam.pools.empty'), emptyHint: t('ipam.pools.emptyHint') },
    start: settable,
    more: (pool) => <AddRange pool={pool} />,
  };
}

function AddRange({ pool }: { pool: Pool }) {
  const [isOpen, setOpen] = useState(false);
  const label = t('ipam.addRange', { name: pool.name });
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => setOpen(true)}>
        <IconRowInsertBottom size={16} aria-hidden />
      </ActionIcon>
      {isOpen && (
        <RecordEditor
          title={label}
          fields={poolFields([], []).filter((field) => ['network', 'first', 'last'].includes(field.name))}
          save={(body) => addRange(pool, body)}
          saved={t('ipam.rangeAdded')}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

const columns: Column<Pool>[] = [
  {
    key: 'name',
    sort: 'name',
    label: t('ipam.name'),
    value: (row) => row.name,
    render: (row) => (
      <Stack gap={0}>
        <PoolName of={row}>
          <TextLink to="/ipam" search={{ tab: 'addresses', pool: row.id }} inherit>
            {row.name}
          </TextLink>
        </PoolName>
        <Text size="xs" c="dimmed">
          {t(`ipam.type.${row.type}`)}
          {row.type === 'ipv6_pd' && `, /${row.delegation_length}`}
          {row.site && ` · ${row.site}`}
        </Text>
      </Stack>
    ),
  },
  {
    key: 'network',
    sort: 'network',
    label: t('ipam.network'),
    from: 'sm',
    value: (row) => row.network,
    render: (row) => (
      <TextLink
        to="/ipam/prefixes/$id"
        params={{ id: row.prefix_id }}
        className="mono"
        title={row.ranges.join(', ')}
        inherit
      >
        {row.network}
      </TextLink>
    ),
  },
  poolColumns.used,
  poolColumns.left,
  poolColumns.total,
  { key: 'resting', label: t('ipam.resting'), align: 'right', from: 'lg', value: (row) => capacity(row.resting) },
  poolColumns.status,
];
