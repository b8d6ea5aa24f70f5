import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { useSorting } from '../../shared/list/useSorting';
import { State } from '../../shared/State';
import { vlanFields } from './fields';
import { records, useSiteOptions, useVlanGroupOptions, type Vlan, vlansQuery } from './queries';
import type { RecordKind } from './RecordList';
import { RecordTab } from './RecordTab';

const route = getRouteApi('/app/ipam');

/** The VLANs that are written down: what each is for, and how many lines it carries. */
export function VlanList() {
  const { q, cursor, group } = route.useSearch();
  const sorting = useSorting(columns, 'vid');
  const navigate = route.useNavigate();
  const [sites, groups] = [useSiteOptions(), useVlanGroupOptions()];
  const kind: RecordKind<Vlan> = {
    name: t('ipam.vlanList'),
    columns,
    fields: () => vlanFields(sites, groups),
    records: records.vlan,
    words: { add: t('ipam.addVlan'), empty: t('ipam.vlans.empty'), emptyHint: t('ipam.vlans.emptyHint') },
  };
  return (
    <RecordTab
      kind={kind}
      query={useQuery(vlansQuery({ q, sort: sorting.sort, cursor, group_id: group, limit: 50 }))}
      sorting={sorting}
      filtered={group !== undefined}
      filters={
        (groups.length > 0 || group) && (
          <Choice
            label={t('ipam.group')}
            value={group}
            options={groups}
            onChange={(next) => navigate({ search: (now) => ({ ...now, group: next, cursor: undefined }) })}
          />
        )
      }
    />
  );
}

const columns: Column<Vlan>[] = [
  {
    key: 'vid',
    sort: 'vid',
    label: t('ipam.vid'),
    align: 'right',
    width: 80,
    value: (row) => row.vid,
    render: (row) => <span className="mono">{row.vid}</span>,
  },
  {
    key: 'name',
    sort: 'name',
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
