import { Button, Group, Stack } from '@mantine/core';
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
import { siteFields } from './fields';
import { records, type Site, sitesQuery, useSiteOptions } from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';

const route = getRouteApi('/app/ipam');

export function SitesTab() {
  const { q, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const list = useQuery(sitesQuery({ q, cursor, limit: 50 }));
  const [one, setOne] = useState<Site | true>();
  const sites = useSiteOptions();
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOne(true)}>
      {t('ipam.addSite')}
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
      <DataList
        name={t('ipam.tab.sites')}
        columns={columns}
        query={list}
        cursor={cursor}
        filtered={q !== undefined}
        empty={
          <Empty title={t('ipam.sites.empty')} action={add}>
            {t('ipam.sites.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <RecordActions name={row.name} onEdit={() => setOne(row)} remove={() => records.site.remove(row)} />
              )
            : undefined
        }
      />
      {one && (
        <RecordEditor
          title={one === true ? t('ipam.addSite') : t('ipam.edit', { name: one.name })}
          fields={siteFields(sites.filter((site) => one === true || site.value !== one.id))}
          of={one === true ? undefined : one}
          save={(body) => (one === true ? records.site.create(body) : records.site.patch(one, body))}
          saved={t('ipam.saved')}
          onClose={() => setOne(undefined)}
        />
      )}
    </Stack>
  );
}

const columns: Column<Site>[] = [
  { key: 'name', label: t('ipam.name'), value: (row) => row.name },
  {
    key: 'slug',
    label: t('ipam.slug'),
    from: 'md',
    value: (row) => row.slug,
    render: (row) => <span className="mono">{row.slug}</span>,
  },
  { key: 'parent', label: t('ipam.parent'), from: 'sm', value: (row) => row.parent },
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
