import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { useSorting } from '../../shared/list/useSorting';
import { vlanGroupFields } from './fields';
import { records, useSiteOptions, type VlanGroup, vlanGroupsQuery } from './queries';
import type { RecordKind } from './RecordList';
import { RecordTab } from './RecordTab';

const route = getRouteApi('/app/ipam');

/** Groups of VLANs: within one, at one site, a number stands once. */
export function VlanGroups() {
  const { q, cursor } = route.useSearch();
  const sorting = useSorting(columns, 'name');
  const sites = useSiteOptions();
  const kind: RecordKind<VlanGroup> = {
    name: t('ipam.vlanPart.groups'),
    columns,
    fields: () => vlanGroupFields(sites),
    records: records.vlanGroup,
    words: {
      add: t('ipam.addVlanGroup'),
      empty: t('ipam.vlanGroups.empty'),
      emptyHint: t('ipam.vlanGroups.emptyHint'),
    },
  };
  return (
    <RecordTab
      kind={kind}
      query={useQuery(vlanGroupsQuery({ q, sort: sorting.sort, cursor, limit: 50 }))}
      sorting={sorting}
    />
  );
}

const columns: Column<VlanGroup>[] = [
  { key: 'name', sort: 'name', label: t('ipam.name'), value: (row) => row.name },
  { key: 'site', sort: 'site', label: t('ipam.site'), from: 'sm', value: (row) => row.site },
  {
    key: 'vlans',
    label: t('ipam.vlanList'),
    align: 'right',
    value: (row) => row.vlan_count,
    render: (row) => (
      <TextLink to="/ipam" search={{ tab: 'vlans', part: 'list', group: row.id }} inherit>
        {row.vlan_count}
      </TextLink>
    ),
  },
  { key: 'description', label: t('ipam.description'), from: 'md', value: (row) => row.description },
];
