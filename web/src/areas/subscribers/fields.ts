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
] as const;

export type FieldName = (typeof fieldNames)[number];
export type SubscriberValues = Record<FieldName | 'password', FormValue>;
export type SubscriberForm = UseFormReturnType<SubscriberValues>;

export const emptyValues: SubscriberValues = {
  ...toForm(fieldNames, { enabled: true, simultaneous_use: 1 }),
  password: '',
};

export function valuesOf(subscriber: Subscriber): SubscriberValues {
  const flat = { ...subscriber, bandwidth_profile_id: subscriber.bandwidth_profile?.id };
  return { ...toForm(fieldNames, flat), password: '' };
}
