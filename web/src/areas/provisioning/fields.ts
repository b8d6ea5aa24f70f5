import type { UseFormReturnType } from '@mantine/form';
import type { FormValue } from '../../shared/form/values';

/** How the line gets its IPv4 address. */
export const ipv4Ways = ['pool', 'static', 'reserved', 'nas'] as const;
/** How it gets its VLAN. */
export const vlanWays = ['none', 'pool', 'given'] as const;
export const ipv6Modes = ['none', 'slaac', 'stateful', 'pd', 'dual_stack'] as const;
export const option82Policies = ['log', 'enforce', 'ignore'] as const;

/** Fields carry the API's names, so that a fault names its field; `ipv4_way` and `vlan_way` choose which of them are asked for. */
export const emptyOrder = {
  bandwidth_profile_id: '' as FormValue,
  full_name: '' as FormValue,
  service_address: '' as FormValue,
  service_latitude: '' as FormValue,
  service_longitude: '' as FormValue,
  site_id: '' as FormValue,
  circuit_id: '' as FormValue,
  remote_id: '' as FormValue,
  option82_policy: '' as FormValue,
  onu_serial: '' as FormValue,
  cpe_mac_address: '' as FormValue,
  ipv4_way: 'pool' as FormValue,
  ipv4_pool: '' as FormValue,
  static_ipv4: '' as FormValue,
  reserved_ipv4: '' as FormValue,
  nas_ipv4_pool: '' as FormValue,
  ipv6_assignment_mode: '' as FormValue,
  ipv6_pool: '' as FormValue,
  static_ipv6: '' as FormValue,
  reserved_ipv6: '' as FormValue,
  pd_pool: '' as FormValue,
  ipv6_pd_size: '' as FormValue,
  delegated_ipv6_prefix: '' as FormValue,
  reserved_prefix: '' as FormValue,
  vlan_way: 'none' as FormValue,
  vlan_pool: '' as FormValue,
  service_vlan: '' as FormValue,
  inner_vlan: '' as FormValue,
  qinq_enabled: false as FormValue,
  username: '' as FormValue,
  password: '' as FormValue,
  subscriber_number: '' as FormValue,
  wifi_ssid: '' as FormValue,
  wifi_passphrase: '' as FormValue,
  notes: '' as FormValue,
};
export type OrderValues = typeof emptyOrder;
export type OrderField = keyof OrderValues;
export type OrderForm = UseFormReturnType<OrderValues>;

/** Never written to the browser's storage. */
export const secrets: readonly OrderField[] = ['password', 'wifi_passphrase'];

/** The fields that count, by the ways chosen: what was typed for another way is not sent. */
export function asked(values: OrderValues): Set<OrderField> {
  const ways: Record<string, OrderField[]> = {
    pool: ['ipv4_pool'],
    static: ['static_ipv4'],
    reserved: ['reserved_ipv4'],
    nas: ['nas_ipv4_pool'],
  };
  const fields = new Set<OrderField>(Object.keys(emptyOrder) as OrderField[]);
  fields.delete('ipv4_way');
  fields.delete('vlan_way');
  for (const way of ipv4Ways) {
    for (const field of ways[way] ?? []) {
      if (way !== values.ipv4_way) {
        fields.delete(field);
      }
    }
  }
  const vlan: OrderField[] =
    values.vlan_way === 'given'
      ? ['vlan_pool']
      : values.vlan_way === 'pool'
        ? ['service_vlan', 'inner_vlan']
        : ['vlan_pool', 'service_vlan', 'inner_vlan', 'qinq_enabled'];
  const mode = values.ipv6_assignment_mode;
  const link = mode === 'stateful' || mode === 'dual_stack' || mode === 'slaac';
  const delegates = mode === 'pd' || mode === 'dual_stack';
  const unused: OrderField[] = [
    ...vlan,
    ...(link ? [] : (['ipv6_pool', 'static_ipv6', 'reserved_ipv6'] as const)),
    ...(delegates ? [] : (['pd_pool', 'ipv6_pd_size', 'delegated_ipv6_prefix', 'reserved_prefix'] as const)),
    ...(values.vlan_way === 'given' && !values.qinq_enabled ? (['inner_vlan'] as const) : []),
  ];
  for (const field of unused) {
    fields.delete(field);
  }
  return fields;
}
