import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { vlanFields } from './fields';
import { records, useSiteOptions, useVlanGroupOptions, type Vlan, vlansQuery } from './queries';
import { RecordActions } from './RecordActions';
import { RecordEditor } from './RecordEditor';

const route = getRouteApi('/app/ipam');

/** The VLANs that are written down: what each is for, and how many lines it carries. */
export function VlanList() {
  const { q, cursor, group } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const [sites, groups] = [useSiteOptions(), useVlanGroupOptions()];
  const list = useQuery(vlansQuery({ q, cursor, groupId: group, limit: 50 }));
  const [one, setOne] = useState<Vlan | true>();
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOne(true)}>
      {t('ipam.addVlan')}
    </Button>
  );
  return (
    <>
      <Group justify="space-between">
        <Group gap="xs" style={{ flex: 1 }}>
          <SearchBox
            label={t('ipam.search')}
            placeholder={t('ipam.search')}
            value={q}
            onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
          />
          {(groups.length > 0 || group) && (
            <Choice
              label={t('ipam.group')}
              value={group}
              options={groups}
              onChange={(next) => navigate({ search: (now) => ({ ...now, group: next, cursor: undefined }) })}
            />
          )}
        </Group>
        {add}
      </Group>
      <DataList
        name={t('ipam.vlanList')}
        columns={columns}
        query={list}
        cursor={cursor}
        filtered={q !== undefined || group !== undefined}
        empty={
          <Empty title={t('ipam.vlans.empty')} action={add}>
            {t('ipam.vlans.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <RecordActions name={row.name} onEdit={() => setOne(row)} remove={() => records.vlan.remove(row)} />
              )
            : undefined
        }
      />
      {one && (
        <RecordEditor
          title={one === true ? t('ipam.addVlan') : t('ipam.edit', { name: one.name })}
          fields={vlanFields(sites, groups)}
          of={one === true ? undefined : one}
          save={(body) => (one === true ? records.vlan.create(body) : records.vlan.patch(one, body))}
          saved={t('ipam.saved')}
          onClose={() => setOne(undefined)}
        />
      )}
    </>
  );
}

const columns: Column<Vlan>[] = [
  {
    key: 'vid',
    label: t('ipam.vid'),
    align: 'right',
    width: 80,
    value: (row) => row.vid,
    render: (row) => <span className="mono">{row.vid}</span>,
  },
  {
    key: 'name',
    label: t('ipam.name'),
    value: (row) => row.name,
    render: (row) => (
      <Stack gap={0}>
        {row.name}
        <Text size="xs" c="dimmed">
          {[row.role, row.group, row.site].filter(Boolean).join(' · ')}
        </Text>
      </Stack>
    ),
  },
  {
    key: 'lines',
    label: t('ipam.linesHeld'),
    align: 'right',
    value: (row) => row.line_count,
    render: (row) =>
      row.line_count === 0 ? (
        '0'
      ) : (
        <TextLink to="/ipam" search={{ tab: 'vlans', part: 'held', vlan: row.vid }} inherit>
          {row.line_count}
        </TextLink>
      ),
  },
  {
    key: 'status',
    label: t('ipam.status'),
    from: 'sm',
    value: (row) => row.status,
    render: (row) => (
      <State tone={row.status === 'active' ? 'plain' : 'warn'}>{t(`ipam.vlanStatus.${row.status}`)}</State>
    ),
  },
  { key: 'description', label: t('ipam.description'), from: 'md', value: (row) => row.description },
];
