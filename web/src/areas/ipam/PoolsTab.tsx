import { ActionIcon, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconRowInsertBottom } from '@tabler/icons-react';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Page } from '../../api/types';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { poolFields } from './fields';
import { addRange, type Pool, poolsQuery, records, useSiteOptions, useVrfOptions } from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';
import { capacity } from './SpaceMap';
import { Utilisation } from './Utilisation';

const route = getRouteApi('/app/ipam');

export function PoolsTab() {
  const { q, cursor, create } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const list = useQuery(poolsQuery({ q, cursor, limit: 50 }));
  const vrfs = useVrfOptions();
  const sites = useSiteOptions();
  const add = mayWrite && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}
    >
      {t('ipam.addPool')}
    </Button>
  );
  return (
    <Stack>
      <Group justify="space-between">
        <SearchBox
          label={t('ipam.search')}
          placeholder={t('ipam.search')}
          value={q}
          onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
        />
        {add}
      </Group>
      <PoolList query={list} cursor={cursor} filtered={q !== undefined} action={add} />
      {create && mayWrite && (
        <RecordEditor
          title={t('ipam.addPool')}
          fields={poolFields(vrfs, sites)}
          save={records.pool.create}
          saved={t('ipam.saved')}
          onClose={() => navigate({ search: (now) => ({ ...now, create: undefined }) })}
        />
      )}
    </Stack>
  );
}

type ListProps = { query: UseQueryResult<Page<Pool>>; cursor?: string; filtered?: boolean; action?: ReactNode };

export function PoolList({ query, cursor, filtered, action }: ListProps) {
  const mayWrite = useCan('isp.ipam.write');
  const vrfs = useVrfOptions();
  const sites = useSiteOptions();
  const [editing, setEditing] = useState<Pool>();
  const [growing, setGrowing] = useState<Pool>();
  const actions = (row: Pool) => (
    <RecordActions name={row.name} onEdit={() => setEditing(row)} remove={() => records.pool.remove(row)}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('ipam.addRange', { name: row.name })}
        onClick={() => setGrowing(row)}
      >
        <IconRowInsertBottom size={16} aria-hidden />
      </ActionIcon>
    </RecordActions>
  );
  return (
    <>
      <DataList
        name={t('ipam.tab.pools')}
        columns={columns}
        query={query}
        cursor={cursor}
        filtered={filtered}
        empty={
          <Empty title={t('ipam.pools.empty')} action={action}>
            {t('ipam.pools.emptyHint')}
          </Empty>
        }
        rowActions={mayWrite ? actions : undefined}
      />
      {editing && (
        <RecordEditor
          title={t('ipam.edit', { name: editing.name })}
          fields={poolFields(vrfs, sites)}
          of={{ ...editing, status: editing.status === 'depleted' ? 'active' : editing.status }}
          save={(body) => records.pool.patch(editing, body)}
          saved={t('ipam.saved')}
          onClose={() => setEditing(undefined)}
        />
      )}
      {growing && (
        <RecordEditor
          title={t('ipam.addRange', { name: growing.name })}
          fields={poolFields([], []).filter((field) => ['network', 'first', 'last'].includes(field.name))}
          save={(body) => addRange(growing, body)}
          saved={t('ipam.rangeAdded')}
          onClose={() => setGrowing(undefined)}
        />
      )}
    </>
  );
}

const columns: Column<Pool>[] = [
  {
    key: 'name',
    label: t('ipam.name'),
    value: (row) => row.name,
    render: (row) => (
      <Stack gap={0}>
        <Group gap={6}>
          <TextLink to="/ipam" search={{ tab: 'addresses', pool: row.id }} inherit>
            {row.name}
          </TextLink>
          {row.is_default && <Badge variant="default">{t('ipam.isDefault')}</Badge>}
        </Group>
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
  {
    key: 'used',
    label: t('ipam.utilisation'),
    value: (row) => row.utilization_percent,
    render: (row) => <Utilisation percent={row.utilization_percent} warn={row.warn_percent} of={row.name} />,
  },
  { key: 'left', label: t('ipam.available'), align: 'right', from: 'sm', value: (row) => capacity(row.available) },
  { key: 'total', label: t('ipam.total'), align: 'right', from: 'md', value: (row) => capacity(row.total) },
  { key: 'resting', label: t('ipam.resting'), align: 'right', from: 'lg', value: (row) => capacity(row.resting) },
  {
    key: 'status',
    label: t('ipam.status'),
    from: 'sm',
    value: (row) => row.status,
    render: (row) => (
      <State tone={row.status === 'depleted' ? 'bad' : row.status === 'active' ? 'plain' : 'warn'}>
        {t(`ipam.poolStatus.${row.status}`)}
      </State>
    ),
  },
];
