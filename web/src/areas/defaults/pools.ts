import { useCan } from '../../shared/me';
import { usePools, useVlanPools } from '../provisioning/lookups';
import type { Fact } from './inherit';

const types: Partial<Record<Fact, string[]>> = {
  ipv4_pool: ['ipv4_private', 'ipv4_public'],
  ipv6_pool: ['ipv6_address'],
  pd_pool: ['ipv6_pd'],
};

/** The names of the pools that a fact can mean; undefined when it means no pool, or one may not see them. */
export function usePoolNames(): (fact: Fact) => string[] | undefined {
  const mayRead = useCan('isp.ipam.read');
  const [pools, vlanPools] = [usePools(), useVlanPools()];
  return (fact) => {
    if (!mayRead) {
      return undefined;
    }
    const kinds = types[fact];
    return fact === 'vlan_pool'
      ? vlanPools.map((pool) => pool.name)
      : kinds && pools.filter((pool) => kinds.includes(pool.type)).map((pool) => pool.name);
  };
}

/** Whether the pool that a fact names is there; what cannot be looked up is believed. */
export function useKnownPools() {
  const names = usePoolNames();
  return (fact: Fact, name: string) => {
    const known = names(fact);
    return known === undefined || known.length === 0 || known.includes(name);
  };
}
