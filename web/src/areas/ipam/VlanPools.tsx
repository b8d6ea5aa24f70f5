import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { useSorting } from '../../shared/list/useSorting';
import { vlanPoolFields } from './fields';
import { PoolName, poolColumns, settable } from './poolColumns';
import { records, useSiteOptions, useVlanGroupOptions, type VlanPool, vlanPoolsQuery } from './queries';
import type { RecordKind } from './RecordList';
import { RecordTab } from './RecordTab';
import { capacity } from './SpaceMap';

const route = getRouteApi('/app/ipam');

/** The pools of VLANs, how full each is, and what is kept back. */
export function VlanPools() {
  const { q, cursor } = route.useSearch();
  const sorting = useSorting(columns, 'name');
  const [sites, groups] = [useSiteOptions(), useVlanGroupOptions()];
  const kind: RecordKind<VlanPool> = {
    name: t('ipam.vlanPools'),
    columns,
    fields: () => vlanPoolFields(sites, groups),
    records: records.vlanPool,
    words: { add: t('ipam.addVlanPool'), empty: t('ipam.vlanPools.empty'), emptyHint: t('ipam.vlanPools.emptyHint') },
    start: settable,
  };
  return (
    <RecordTab
      kind={kind}
      query={useQuery(vlanPoolsQuery({ q, sort: sorting.sort, cursor, limit: 50 }))}
      sorting={sorting}
    />
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
    sort: 'name',
    label: t('ipam.name'),
    value: (row) => row.name,
    render: (row) => (
      <Stack gap={0}>
        <PoolName of={row}>
          <TextLink to="/ipam" search={{ tab: 'vlans', part: 'held', pool: row.id }} inherit>
            {row.name}
          </TextLink>
        </PoolName>
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
  poolColumns.used,
  { key: 'held', label: t('ipam.linesHeld'), align: 'right', from: 'md', value: (row) => capacity(row.used) },
  poolColumns.left,
  poolColumns.total,
  {
    key: 'aside',
    label: t('ipam.kept'),
    align: 'right',
    from: 'lg',
    value: (row) => capacity(row.resting + row.set_aside),
  },
  poolColumns.status,
];
