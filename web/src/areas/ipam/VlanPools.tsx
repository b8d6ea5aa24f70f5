import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { vlanPoolFields } from './fields';
import { records, useSiteOptions, useVlanGroupOptions, type VlanPool, vlanPoolsQuery } from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';
import { capacity } from './SpaceMap';
import { Utilisation } from './Utilisation';

const route = getRouteApi('/app/ipam');

/** The pools of VLANs, how full each is, and what is kept back. */
export function VlanPools() {
  const { q, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const [sites, groups] = [useSiteOptions(), useVlanGroupOptions()];
  const list = useQuery(vlanPoolsQuery({ q, cursor, limit: 50 }));
  const [one, setOne] = useState<VlanPool | true>();
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOne(true)}>
      {t('ipam.addVlanPool')}
    </Button>
  );
  return (
    <>
      <Group justify="space-between">
        <SearchBox
          label={t('ipam.search')}
          placeholder={t('ipam.search')}
          value={q}
          onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
        />
        {add}
      </Group>
      <DataList
        name={t('ipam.vlanPools')}
        columns={columns}
        query={list}
        cursor={cursor}
        filtered={q !== undefined}
        empty={
          <Empty title={t('ipam.vlanPools.empty')} action={add}>
            {t('ipam.vlanPools.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <RecordActions name={row.name} onEdit={() => setOne(row)} remove={() => records.vlanPool.remove(row)} />
              )
            : undefined
        }
      />
      {one && (
        <RecordEditor
          title={one === true ? t('ipam.addVlanPool') : t('ipam.edit', { name: one.name })}
          fields={vlanPoolFields(sites, groups)}
          of={one === true ? undefined : { ...one, status: one.status === 'depleted' ? 'active' : one.status }}
          save={(body) => (one === true ? records.vlanPool.create(body) : records.vlanPool.patch(one, body))}
          saved={t('ipam.saved')}
          onClose={() => setOne(undefined)}
        />
      )}
    </>
  );
}

const span = (first: number, last: number) => (first === last ? `${first}` : `${first}–${last}`);
const numbers = (row: VlanPool) =>
  row.is_qinq
    ? `${span(row.service_first, row.service_last)} × ${span(row.inner_first ?? 0, row.inner_last ?? 0)}`
    : span(row.service_first, row.service_last);

const columns: Column<VlanPool>[] = [
  {
    key: 'name',
    label: t('ipam.name'),
    value: (row) => row.name,
    render: (row) => (
      <Stack gap={0}>
        <Group gap={6}>
          <TextLink to="/ipam" search={{ tab: 'vlans', part: 'held', pool: row.id }} inherit>
            {row.name}
          </TextLink>
          {row.is_default && <Badge variant="default">{t('ipam.isDefault')}</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          {[
            row.is_qinq ? t('ipam.qinq') : t('ipam.oneTag'),
            row.lines_per_vlan > 1 && t('ipam.shared', { count: row.lines_per_vlan }),
            row.group,
            row.site,
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        <Text size="xs" c="dimmed" className="mono" hiddenFrom="sm">
          {numbers(row)}
        </Text>
      </Stack>
    ),
  },
  {
    key: 'numbers',
    label: t('ipam.numbers'),
    from: 'sm',
    value: numbers,
    render: (row) => <span className="mono">{numbers(row)}</span>,
  },
  {
    key: 'used',
    label: t('ipam.utilisation'),
    value: (row) => row.utilization_percent,
    render: (row) => <Utilisation percent={row.utilization_percent} warn={row.warn_percent} of={row.name} />,
  },
  { key: 'held', label: t('ipam.linesHeld'), align: 'right', from: 'md', value: (row) => capacity(row.used) },
  { key: 'left', label: t('ipam.available'), align: 'right', from: 'sm', value: (row) => capacity(row.available) },
  { key: 'total', label: t('ipam.total'), align: 'right', from: 'md', value: (row) => capacity(row.total) },
  {
    key: 'aside',
    label: t('ipam.kept'),
    align: 'right',
    from: 'lg',
    value: (row) => capacity(row.resting + row.set_aside),
  },
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
