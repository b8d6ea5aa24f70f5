import type { UseFormReturnType } from '@mantine/form';
import type { Subscriber } from '../../api/types';
import { type FormValue, toForm } from '../../shared/form/values';

/** Form fields carry the API's names, so that a fault names its field. */
export const fieldNames = [
  'username',
  'full_name',
  'subscriber_number',
  'bandwidth_profile_id',
  'framed_ipv4_address',
  'framed_ipv4_netmask',
  'framed_ipv6_prefix',
  'framed_ipv6_address',
  'delegated_ipv6_prefix',
  'vlan_id',
  'inner_vlan',
  'session_timeout',
  'idle_timeout',
  'simultaneous_use',
  'acct_interim_interval',
  'filter_id',
  'notes',
  'enabled',
  'circuit_id',
  'remote_id',
  'option82_policy',
  'mac_address',
  'ipv6_mode',
  'framed_ipv4_pool',
  'framed_ipv6_pool',
  'delegated_ipv6_pool',
  'framed_routes',
  'walled_garden_filter_id',
] as const;

export const option82Policies = ['log', 'enforce', 'ignore'] as const;
export const ipv6Modes = ['none', 'slaac', 'stateful', 'pd', 'dual_stack'] as const;

export type FieldName = (typeof fieldNames)[number];
export type SubscriberValues = Record<FieldName | 'password', FormValue>;
export type SubscriberForm = UseFormReturnType<SubscriberValues>;

export const emptyValues: SubscriberValues = {
  ...toForm(fieldNames, { enabled: true, simultaneous_use: 1, option82_policy: 'log', framed_routes: [] }),
  password: '',
};

export function valuesOf(subscriber: Subscriber): SubscriberValues {
  const flat = { ...subscriber, bandwidth_profile_id: subscriber.bandwidth_profile?.id };
  return { ...toForm(fieldNames, flat), password: '' };
}
