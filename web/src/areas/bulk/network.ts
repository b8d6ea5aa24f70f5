import type { Order } from './queries';

/** What each line is to get. '' stays as it is; `next` is the pool that serves its site by default; else a pool's name. */
export type NetworkValues = Record<'vlan' | 'ipv4' | 'ipv6' | 'delegated_prefix' | 'site' | 'address', string> & {
  qinq: boolean;
  length: number | '';
};

export const next = '*';

export const nothing: NetworkValues = {
  vlan: '',
  qinq: false,
  ipv4: '',
  ipv6: '',
  delegated_prefix: '',
  length: '',
  site: '',
  address: '',
};

type Network = NonNullable<NonNullable<Order['parameters']>['network']>;

const of = (pool: string) => ({ pool: pool === next ? null : pool });

/** What is sent: only what is to change; null when nothing is, so that the server says what is missing. */
export function networkOf(values: NetworkValues): Network | null {
  const asked: Network = {
    ...(values.vlan && { vlan: { ...of(values.vlan), qinq: values.qinq || null } }),
    ...(values.ipv4 && { ipv4: of(values.ipv4) }),
    ...(values.ipv6 && { ipv6: of(values.ipv6) }),
    ...(values.delegated_prefix && {
      delegated_prefix: { ...of(values.delegated_prefix), length: values.length === '' ? null : values.length },
    }),
    ...((values.site || values.address.trim()) && {
      place: { site_id: values.site || null, service_address: values.address.trim() || null },
    }),
  };
  return Object.keys(asked).length > 0 ? asked : null;
}
