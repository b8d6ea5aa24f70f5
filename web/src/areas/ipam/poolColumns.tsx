import { Badge, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '../../messages';
import type { Column } from '../../shared/list/columns';
import { State } from '../../shared/State';
import type { Pool, VlanPool } from './queries';
import { capacity } from './SpaceMap';
import { Utilisation } from './Utilisation';

type AnyPool = Pool | VlanPool;

/** What is told alike of every pool, of addresses and of VLANs. */
export const poolColumns = {
  used: {
    key: 'used',
    sort: 'utilization_percent',
    label: t('ipam.utilisation'),
    value: (row) => row.utilization_percent,
    render: (row) => <Utilisation percent={row.utilization_percent} warn={row.warn_percent} of={row.name} />,
  },
  left: {
    key: 'left',
    label: t('ipam.available'),
    align: 'right',
    from: 'sm',
    value: (row) => capacity(row.available),
  },
  total: { key: 'total', label: t('ipam.total'), align: 'right', from: 'md', value: (row) => capacity(row.total) },
  status: {
    key: 'status',
    label: t('ipam.status'),
    from: 'sm',
    value: (row) => row.status,
    render: (row) => (
      <State tone={row.status === 'depleted' ? 'bad' : row.status === 'active' ? 'plain' : 'warn'}>
        {t(`ipam.poolStatus.${row.status}`)}
      </State>
    ),
  },
} satisfies Record<string, Column<AnyPool>>;

/** A pool's name, marked when it is the one that is taken where none is named. */
export const PoolName = ({ of, children }: { of: AnyPool; children: ReactNode }) => (
  <Group gap={6}>
    {children}
    {of.is_default && <Badge variant="default">{t('ipam.isDefault')}</Badge>}
  </Group>
);

/** Depleted is found, never set: in a form such a pool stands as active. */
export const settable = (of: AnyPool) => ({ ...of, status: of.status === 'depleted' ? 'active' : of.status });
