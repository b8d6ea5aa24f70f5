import { Button, Group } from '@mantine/core';
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
import { vlanGroupFields } from './fields';
import { records, useSiteOptions, type VlanGroup, vlanGroupsQuery } from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';

const route = getRouteApi('/app/ipam');

/** Groups of VLANs: within one, at one site, a number stands once. */
export function VlanGroups() {
  const { q, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const sites = useSiteOptions();
  const list = useQuery(vlanGroupsQuery({ q, cursor, limit: 50 }));
  const [one, setOne] = useState<VlanGroup | true>();
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOne(true)}>
      {t('ipam.addVlanGroup')}
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
        name={t('ipam.vlanPart.groups')}
        columns={columns}
        query={list}
        cursor={cursor}
        filtered={q !== undefined}
        empty={
          <Empty title={t('ipam.vlanGroups.empty')} action={add}>
            {t('ipam.vlanGroups.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <RecordActions
                  name={row.name}
                  onEdit={() => setOne(row)}
                  remove={() => records.vlanGroup.remove(row)}
                />
              )
            : undefined
        }
      />
      {one && (
        <RecordEditor
          title={one === true ? t('ipam.addVlanGroup') : t('ipam.edit', { name: one.name })}
          fields={vlanGroupFields(sites)}
          of={one === true ? undefined : one}
          save={(body) => (one === true ? records.vlanGroup.create(body) : records.vlanGroup.patch(one, body))}
          saved={t('ipam.saved')}
          onClose={() => setOne(undefined)}
        />
      )}
    </>
  );
}

const columns: Column<VlanGroup>[] = [
  { key: 'name', label: t('ipam.name'), value: (row) => row.name },
  { key: 'site', label: t('ipam.site'), from: 'sm', value: (row) => row.site },
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
