import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import type { Column } from '../../shared/list/columns';
import { useSorting } from '../../shared/list/useSorting';
import { vrfFields } from './fields';
import { records, type Vrf, vrfsQuery } from './queries';
import type { RecordKind } from './RecordList';
import { RecordTab } from './RecordTab';

const route = getRouteApi('/app/ipam');

export function VrfsTab() {
  const { q, cursor } = route.useSearch();
  const sorting = useSorting(columns, 'name');
  return (
    <Stack>
      <RecordTab
        kind={kind}
        query={useQuery(vrfsQuery({ q, sort: sorting.sort, cursor, limit: 50 }))}
        sorting={sorting}
      />
    </Stack>
  );
}

const columns: Column<Vrf>[] = [
  { key: 'name', sort: 'name', label: t('ipam.name'), value: (row) => row.name },
  {
    key: 'rd',
    sort: 'rd',
    label: t('ipam.rd'),
    from: 'sm',
    value: (row) => row.rd,
    render: (row) => <span className="mono">{row.rd}</span>,
  },
  { key: 'prefixes', label: t('ipam.prefixCount'), align: 'right', value: (row) => row.prefix_count },
  { key: 'pools', label: t('ipam.poolCount'), align: 'right', from: 'sm', value: (row) => row.pool_count },
  { key: 'held', label: t('ipam.addressCount'), align: 'right', value: (row) => row.address_count },
  { key: 'description', label: t('ipam.description'), from: 'md', value: (row) => row.description },
];

const kind: RecordKind<Vrf> = {
  name: t('ipam.tab.vrfs'),
  columns,
  fields: vrfFields,
  records: records.vrf,
  words: { add: t('ipam.addVrf'), empty: t('ipam.vrfs.empty'), emptyHint: t('ipam.vrfs.emptyHint') },
};
