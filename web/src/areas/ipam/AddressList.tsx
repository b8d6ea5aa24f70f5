import { Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../../api/types';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import type { Sorting } from '../../shared/list/useSorting';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { Holder } from './Holder';
import { type Address, release } from './queries';
import { ReleaseAction } from './ReleaseAction';
import { nameOf } from './WhoHas';

type Props = {
  query: UseQueryResult<Page<Address>>;
  cursor?: string;
  sorting: Sorting;
  filtered?: boolean;
  action?: ReactNode;
  columns?: Column<Address>[];
};

/** Allocations: who holds what, since when, how he came to it; and giving it back. */
export function AddressList({ query, cursor, sorting, filtered, action, columns = addressColumns }: Props) {
  const mayWrite = useCan('isp.ipam.write');
  const actions = (row: Address) =>
    row.ended_at ? null : (
      <ReleaseAction
        name={row.address}
        text={t('ipam.releaseText', { label: nameOf(row) })}
        release={(force) => release(row, force)}
      />
    );
  return (
    <DataList
      name={t('ipam.tab.addresses')}
      columns={columns}
      query={query}
      cursor={cursor}
      {...sorting}
      filtered={filtered}
      empty={
        <Empty title={t('ipam.addresses.empty')} action={action}>
          {t('ipam.addresses.emptyHint')}
        </Empty>
      }
      rowActions={mayWrite ? actions : undefined}
    />
  );
}

const tones = {
  active: 'plain',
  allocated: 'plain',
  pending: 'idle',
  suspended: 'warn',
  revoking: 'warn',
  failed: 'bad',
  revoked: 'idle',
} as const;

export const addressColumns: Column<Address>[] = [
  {
    key: 'address',
    sort: 'address',
    label: t('ipam.col.address'),
    value: (row) => row.address,
    render: (row) => <span className="mono">{row.address.replace(/\/(32|128)$/, '')}</span>,
  },
  {
    key: 'holder',
    label: t('ipam.col.holder'),
    value: (row) => row.label,
    render: (row) => (
      <>
        <Holder owner={row.owner_id} label={row.label} />
        {row.dns_name && (
          <Text size="xs" c="dimmed" className="mono">
            {row.dns_name}
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'state',
    label: t('ipam.col.state'),
    from: 'sm',
    value: (row) => row.state,
    render: (row) => <State tone={tones[row.state]}>{t(`ipam.state.${row.state}`)}</State>,
  },
  { key: 'pool', label: t('ipam.pool'), from: 'md', value: (row) => row.pool ?? row.vrf },
  { key: 'origin', label: t('ipam.col.origin'), from: 'lg', value: (row) => t(`ipam.origin.${row.origin}`) },
  {
    key: 'since',
    sort: 'allocated_at',
    label: t('ipam.col.since'),
    from: 'md',
    value: (row) => row.allocated_at,
    render: (row) => <Time at={row.allocated_at} show="minute" />,
  },
  {
    key: 'until',
    label: t('ipam.col.until'),
    from: 'sm',
    value: (row) => row.ended_at ?? row.expires_at,
    render: (row) =>
      row.ended_at ? (
        <Time at={row.ended_at} show="minute" />
      ) : row.expires_at ? (
        <>
          {t('ipam.keptUntil')} <Time at={row.expires_at} show="minute" />
        </>
      ) : null,
  },
];
