import { Button, Checkbox, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { TextFilter } from '../../shared/list/TextFilter';
import { useSorting } from '../../shared/list/useSorting';
import { useCan } from '../../shared/me';
import { Time } from '../../shared/time';
import { Holder } from './Holder';
import { releaseVlan, type VlanHeld, vlanPoolsQuery, vlansHeldQuery } from './queries';
import { ReleaseAction } from './ReleaseAction';

const route = getRouteApi('/app/ipam');

/** Which line holds which VLAN, since when; and who had it before. */
export function VlanHolders() {
  const { q, cursor, pool, vlan, ended } = route.useSearch();
  const navigate = route.useNavigate();
  const pools = useQuery(vlanPoolsQuery({ limit: 500 })).data?.items ?? [];
  const sorting = useSorting(columns, '-allocated_at');
  const list = useQuery(
    vlansHeldQuery({ q, sort: sorting.sort, cursor, pool_id: pool, service_vlan: vlan, ended, limit: 50 }),
  );
  const mayWrite = useCan('isp.ipam.write');
  const actions = (row: VlanHeld) =>
    row.ended_at ? null : (
      <ReleaseAction
        name={t('ipam.vlanNamed', { tags: tags(row) })}
        text={t('ipam.releaseVlanText', { label: row.label || t('ipam.nobody') })}
        release={(force) => releaseVlan(row, force)}
      />
    );
  const filtered = Boolean(q || pool || vlan || ended);
  const change = (part: { q?: string; pool?: string; vlan?: number; ended?: true }) =>
    navigate({ search: (now) => ({ ...now, cursor: undefined, ...part }), replace: 'q' in part });
  return (
    <>
      <Group gap="xs">
        <SearchBox
          label={t('ipam.searchHolder')}
          placeholder={t('ipam.searchHolder')}
          value={q}
          onChange={(next) => change({ q: next })}
        />
        <TextFilter
          label={t('ipam.vlanNumber')}
          value={vlan === undefined ? undefined : String(vlan)}
          onChange={(next) => change({ vlan: Number.parseInt(next ?? '', 10) || undefined })}
        />
        <Choice
          label={t('ipam.pool')}
          value={pool}
          options={pools.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(next) => change({ pool: next })}
        />
        <Checkbox
          label={t('ipam.showEnded')}
          checked={ended ?? false}
          onChange={(event) => change({ ended: event.currentTarget.checked || undefined })}
        />
        {filtered && (
          <Button variant="subtle" onClick={() => navigate({ search: { tab: 'vlans', part: 'held' } })}>
            {t('do.clearFilters')}
          </Button>
        )}
      </Group>
      <DataList
        name={t('ipam.vlanPart.held')}
        columns={columns}
        query={list}
        cursor={cursor}
        {...sorting}
        filtered={filtered}
        empty={<Empty title={t('ipam.vlansHeld.empty')}>{t('ipam.vlansHeld.emptyHint')}</Empty>}
        rowActions={mayWrite ? actions : undefined}
      />
    </>
  );
}

const tags = (row: VlanHeld) =>
  row.inner_vlan === null ? `${row.service_vlan}` : `${row.service_vlan} / ${row.inner_vlan}`;

const columns: Column<VlanHeld>[] = [
  {
    key: 'vlan',
    sort: 'service_vlan',
    label: t('ipam.vlanTags'),
    value: tags,
    render: (row) => <span className="mono">{tags(row)}</span>,
  },
  {
    key: 'holder',
    label: t('ipam.col.holder'),
    value: (row) => row.label,
    render: (row) => <Holder owner={row.owner_id} label={row.label} />,
  },
  { key: 'pool', label: t('ipam.pool'), from: 'sm', value: (row) => row.pool ?? t('ipam.givenByHand') },
  {
    key: 'since',
    sort: 'allocated_at',
    label: t('ipam.col.since'),
    from: 'sm',
    value: (row) => row.allocated_at,
    render: (row) => <Time at={row.allocated_at} show="minute" />,
  },
  {
    key: 'until',
    label: t('ipam.col.until'),
    value: (row) => row.ended_at,
    render: (row) => (row.ended_at ? <Time at={row.ended_at} show="minute" /> : t('ipam.who.now')),
  },
  { key: 'by', label: t('ipam.col.by'), from: 'lg', value: (row) => row.ended_by ?? row.created_by },
];
