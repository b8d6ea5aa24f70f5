import { useQuery } from '@tanstack/react-query';
import { t, tn } from '../../messages';
import { useCan } from '../../shared/me';
import { usePools, useVlanPools } from './lookups';
import { reading, statisticsQuery } from './queries';

export type Attention = { kind: string; severity: 'warning' | 'critical'; title: string; detail: string; href: string };

/** What of provisioning somebody should look at: stuck runs, open repairs, pools that are nearly empty. */
export function useAttention(): Attention[] {
  const { data } = useQuery({ ...statisticsQuery, enabled: useCan(reading) });
  const pools = [
    ...usePools().map((pool) => ({ ...pool, href: '/ipam?tab=pools' })),
    ...useVlanPools().map((pool) => ({ ...pool, href: '/ipam?tab=vlans' })),
  ];
  const found: Attention[] = [];
  if (data && data.stuck > 0) {
    found.push({
      kind: 'provisioning.stuck',
      severity: 'critical',
      title: tn('attention.stuck', data.stuck),
      detail: t('attention.stuck.detail'),
      href: '/provisioning/repairs',
    });
  }
  if (data && data.degraded > 0) {
    found.push({
      kind: 'provisioning.degraded',
      severity: 'warning',
      title: tn('attention.degraded', data.degraded),
      detail: t('attention.degraded.detail'),
      href: '/provisioning/repairs?tab=degraded',
    });
  }
  for (const pool of pools.filter((one) => one.utilization_percent >= one.warn_percent)) {
    found.push({
      kind: `ipam.pool.${pool.id}`,
      severity: pool.available === 0 ? 'critical' : 'warning',
      title:
        pool.available === 0 ? t('attention.poolEmpty', { pool: pool.name }) : t('attention.pool', { pool: pool.name }),
      detail: t('order.free', { free: pool.available, total: pool.total }),
      href: pool.href,
    });
  }
  return found;
}
