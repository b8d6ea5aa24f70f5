import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { vlanFields, vlanPoolFields } from './fields';
import { records, useSiteOptions, type Vlan, type VlanPool, vlanPoolsQuery, vlansQuery } from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';
import { capacity } from './SpaceMap';
import { Utilisation } from './Utilisation';

const route = getRouteApi('/app/ipam');

export function VlansTab() {
  const { q, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const sites = useSiteOptions();
  const pools = useQuery(vlanPoolsQuery({ q, limit: 100 }));
  const vlans = useQuery(vlansQuery({ q, cursor, limit: 50 }));
  const [pool, setPool] = useState<VlanPool | true>();
  const [vlan, setVlan] = useState<Vlan | true>();
  const addPool = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setPool(true)}>
      {t('ipam.addVlanPool')}
    </Button>
  );
  const addVlan = mayWrite && (
    <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setVlan(true)}>
      {t('ipam.addVlan')}
    </Button>
  );
  return (
    <Stack>
      <SearchBox
        label={t('ipam.search')}
        placeholder={t('ipam.search')}
        value={q}
        onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
      />
      <Group justify="space-between">
        <Title order={2}>{t('ipam.vlanPools')}</Title>
        {addPool}
      </Group>
      <DataList
        name={t('ipam.vlanPools')}
        columns={poolColumns}
        query={pools}
        filtered={q !== undefined}
        empty={
          <Empty title={t('ipam.vlanPools.empty')} action={addPool}>
            {t('ipam.vlanPools.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <RecordActions
                  name={row.name}
                  onEdit={() => setPool(row)}
                  remove={() => records.vlanPool.remove(row)}
                />
              )
            : undefined
        }
      />
      <Group justify="space-between">
        <Title order={2}>{t('ipam.vlanList')}</Title>
        {addVlan}
      </Group>
      <DataList
        name={t('ipam.vlanList')}
        columns={vlanColumns}
        query={vlans}
        cursor={cursor}
        filtered={q !== undefined}
        empty={
          <Empty title={t('ipam.vlans.empty')} action={addVlan}>
            {t('ipam.vlans.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <RecordActions name={row.name} onEdit={() => setVlan(row)} remove={() => records.vlan.remove(row)} />
              )
            : undefined
        }
      />
      {pool && (
        <RecordEditor
          title={pool === true ? t('ipam.addVlanPool') : t('ipam.edit', { name: pool.name })}
          fields={vlanPoolFields(sites)}
          of={pool === true ? undefined : { ...pool, status: pool.status === 'depleted' ? 'active' : pool.status }}
          save={(body) => (pool === true ? records.vlanPool.create(body) : records.vlanPool.patch(pool, body))}
          saved={t('ipam.saved')}
          onClose={() => setPool(undefined)}
        />
      )}
      {vlan && (
        <RecordEditor
          title={vlan === true ? t('ipam.addVlan') : t('ipam.edit', { name: vlan.name })}
          fields={vlanFields(sites)}
          of={vlan === true ? undefined : vlan}
          save={(body) => (vlan === true ? records.vlan.create(body) : records.vlan.patch(vlan, body))}
          saved={t('ipam.saved')}
          onClose={() => setVlan(undefined)}
        />
      )}
    </Stack>
  );
}

const span = (first: number, last: number) => (first === last ? `${first}` : `${first}–${last}`);

const poolColumns: Column<VlanPool>[] = [
  {
    key: 'name',
    label: t('ipam.name'),
    value: (row) => row.name,
    render: (row) => (
      <Stack gap={0}>
        <Group gap={6}>
          {row.name}
          {row.is_default && <Badge variant="default">{t('ipam.isDefault')}</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          {row.is_qinq ? t('ipam.qinq') : t('ipam.vid')}
          {row.site && ` · ${row.site}`}
        </Text>
      </Stack>
    ),
  },
  {
    key: 'numbers',
    label: t('ipam.numbers'),
    from: 'sm',
    value: (row) =>
      row.is_qinq
        ? `${span(row.service_first, row.service_last)} × ${span(row.inner_first ?? 0, row.inner_last ?? 0)}`
        : span(row.service_first, row.service_last),
    render: (row) => (
      <span className="mono">
        {span(row.service_first, row.service_last)}
        {row.is_qinq && ` × ${span(row.inner_first ?? 0, row.inner_last ?? 0)}`}
      </span>
    ),
  },
  {
    key: 'used',
    label: t('ipam.utilisation'),
    value: (row) => row.utilization_percent,
    render: (row) => <Utilisation percent={row.utilization_percent} warn={row.warn_percent} of={row.name} />,
  },
  { key: 'left', label: t('ipam.available'), align: 'right', from: 'sm', value: (row) => capacity(row.available) },
  { key: 'total', label: t('ipam.lines'), align: 'right', from: 'md', value: (row) => capacity(row.total) },
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

const vlanColumns: Column<Vlan>[] = [
  { key: 'vid', label: t('ipam.vid'), align: 'right', width: 80, value: (row) => row.vid },
  { key: 'name', label: t('ipam.name'), value: (row) => row.name },
  { key: 'site', label: t('ipam.site'), from: 'sm', value: (row) => row.site },
  { key: 'lines', label: t('ipam.lines'), align: 'right', value: (row) => row.line_count },
  { key: 'status', label: t('ipam.status'), from: 'sm', value: (row) => t(`ipam.vlanStatus.${row.status}`) },
  { key: 'description', label: t('ipam.description'), from: 'md', value: (row) => row.description },
];
