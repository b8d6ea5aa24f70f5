import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import type { Column } from '../../shared/list/columns';
import { useSorting } from '../../shared/list/useSorting';
import { siteFields } from './fields';
import { records, type Site, sitesQuery, useSiteOptions } from './queries';
import type { RecordKind } from './RecordList';
import { RecordTab } from './RecordTab';

const route = getRouteApi('/app/ipam');

export function SitesTab() {
  const { q, cursor } = route.useSearch();
  const sorting = useSorting(columns, 'name');
  const sites = useSiteOptions();
  const kind: RecordKind<Site> = {
    name: t('ipam.tab.sites'),
    columns,
    fields: (of) => siteFields(sites.filter((site) => site.value !== of?.id)),
    records: records.site,
    words: { add: t('ipam.addSite'), empty: t('ipam.sites.empty'), emptyHint: t('ipam.sites.emptyHint') },
  };
  return (
    <Stack>
      <RecordTab
        kind={kind}
        query={useQuery(sitesQuery({ q, sort: sorting.sort, cursor, limit: 50 }))}
        sorting={sorting}
      />
    </Stack>
  );
}

const columns: Column<Site>[] = [
  { key: 'name', sort: 'name', label: t('ipam.name'), value: (row) => row.name },
  {
    key: 'slug',
    sort: 'slug',
    label: t('ipam.slug'),
    from: 'md',
    value: (row) => row.slug,
    render: (row) => <span className="mono">{row.slug}</span>,
  },
  { key: 'parent', sort: 'parent', label: t('ipam.parent'), from: 'sm', value: (row) => row.parent },
  { key: 'status', label: t('ipam.status'), value: (row) => t(`ipam.siteStatus.${row.status}`) },
  { key: 'prefixes', label: t('ipam.prefixCount'), align: 'right', from: 'sm', value: (row) => row.prefix_count },
  { key: 'pools', label: t('ipam.poolCount'), align: 'right', from: 'sm', value: (row) => row.pool_count },
  {
    key: 'where',
    label: t('ipam.address'),
    from: 'md',
    value: (row) =>
      row.physical_address ??
      (row.latitude == null ? null : `${row.latitude.toFixed(4)}, ${row.longitude?.toFixed(4)}`),
  },
];
