import type { Fault } from '../../../api/problem';
import type { Body, NetworkProfile, Subscriber } from '../../../api/types';
import { t } from '../../../messages';
import { laterOf } from '../../../shared/form/later';
import type { FormValue } from '../../../shared/form/values';

export type NetworkBody = Body<'/api/v1/subscribers/{key}/change-network', 'post'>;

/** What becomes of a VLAN or an address: it stays, or the next free one takes its place, this one, or one that was reserved for it. */
export const waysOf = (kind: Kind) =>
  kind === 'vlan' ? (['keep', 'next', 'given'] as const) : (['keep', 'next', 'given', 'reserved'] as const);

const texts = [
  'vlan_pool',
  'service_vlan',
  'inner_vlan',
  'ipv4_pool',
  'static_ipv4',
  'reserved_ipv4',
  'ipv6_pool',
  'static_ipv6',
  'reserved_ipv6',
  'pd_pool',
  'ipv6_pd_size',
  'delegated_ipv6_prefix',
  'reserved_prefix',
  'onu_serial',
  'cpe_mac_address',
  'service_address',
  'service_latitude',
  'service_longitude',
  'site_id',
  'circuit_id',
  'remote_id',
  'at',
] as const;
const ofPlace = [
  'service_address',
  'service_latitude',
  'service_longitude',
  'site_id',
  'circuit_id',
  'remote_id',
] as const;

export const kinds = ['vlan', 'ipv4', 'ipv6', 'pd'] as const;
export type Kind = (typeof kinds)[number];
type Name = (typeof texts)[number] | `${Kind}_way` | 'qinq_enabled';
export type NetworkValues = Record<Name, FormValue>;

/** A form in which nothing changes: the place as it is, everything else left as "stays". */
export function startOf(subscriber: Subscriber, profile: NetworkProfile): NetworkValues {
  return {
    ...(Object.fromEntries(texts.map((name) => [name, ''])) as Record<(typeof texts)[number], FormValue>),
    vlan_way: 'keep',
    ipv4_way: 'keep',
    ipv6_way: 'keep',
    pd_way: 'keep',
    qinq_enabled: profile.qinq_enabled,
    service_address: subscriber.service_address ?? '',
    service_latitude: subscriber.service_latitude ?? '',
    service_longitude: subscriber.service_longitude ?? '',
    site_id: profile.site_id ?? '',
    circuit_id: profile.circuit_id ?? '',
    remote_id: profile.remote_id ?? '',
  };
}

/** The field without which a way says nothing, and would be taken for "the next free one". */
const needed: Record<Kind, { given: Name; reserved?: Name }> = {
  vlan: { given: 'service_vlan' },
  ipv4: { given: 'static_ipv4', reserved: 'reserved_ipv4' },
  ipv6: { given: 'static_ipv6', reserved: 'reserved_ipv6' },
  pd: { given: 'delegated_ipv6_prefix', reserved: 'reserved_prefix' },
};

/** What can be seen before the server is asked. */
export function faultsOf(start: NetworkValues, values: NetworkValues, zone: string): Fault[] {
  const missing = kinds
    .map((kind) => needed[kind][values[`${kind}_way`] as 'given' | 'reserved'])
    .filter((name) => name !== undefined)
    .filter((name) => values[name] === '')
    .map((field) => ({ field, code: 'required', message: t('network.required') }));
  const emptied = ofPlace
    .filter((name) => start[name] !== '' && values[name] === '')
    .map((name) => ({ field: name, code: 'required', message: t('network.notEmptied') }));
  const past = laterOf(String(values.at), zone).past ? [{ field: 'at', code: 'past', message: t('later.past') }] : [];
  return [...missing, ...emptied, ...past];
}

const orNull = (value: FormValue) => (value === '' ? null : value);

/** Only what changes; of an address or VLAN only what its way asks for. */
export function bodyOf(start: NetworkValues, values: NetworkValues, zone: string): NetworkBody {
  const { vlan_way: vlan, ipv4_way: ipv4, ipv6_way: ipv6, pd_way: pd } = values;
  const place = Object.fromEntries(
    ofPlace
      .filter((name) => values[name] !== start[name] && values[name] !== '')
      .map((name) => [name.replace(/^service_(?=l)/, ''), values[name]]),
  );
  const { at } = laterOf(String(values.at), zone);
  const body: Record<string, unknown> = {
    ...(vlan === 'next' && { vlan: { pool: orNull(values.vlan_pool), qinq: values.qinq_enabled } }),
    ...(vlan === 'given' && {
      vlan: { service_vlan: orNull(values.service_vlan), inner_vlan: orNull(values.inner_vlan) },
    }),
    ...(ipv4 === 'next' && { ipv4: { pool: orNull(values.ipv4_pool) } }),
    ...(ipv4 === 'given' && { ipv4: { static: orNull(values.static_ipv4) } }),
    ...(ipv4 === 'reserved' && { ipv4: { reservation: values.reserved_ipv4 } }),
    ...(ipv6 === 'next' && { ipv6: { pool: orNull(values.ipv6_pool) } }),
    ...(ipv6 === 'given' && { ipv6: { static: orNull(values.static_ipv6) } }),
    ...(ipv6 === 'reserved' && { ipv6: { reservation: values.reserved_ipv6 } }),
    ...(pd === 'next' && {
      delegated_prefix: { pool: orNull(values.pd_pool), length: orNull(values.ipv6_pd_size) },
    }),
    ...(pd === 'given' && { delegated_prefix: { static: orNull(values.delegated_ipv6_prefix) } }),
    ...(pd === 'reserved' && { delegated_prefix: { reservation: values.reserved_prefix } }),
    ...(values.onu_serial !== '' && { onu_serial: values.onu_serial }),
    ...(values.cpe_mac_address !== '' && { cpe_mac_address: values.cpe_mac_address }),
    ...(Object.keys(place).length > 0 && { place }),
    ...(at && { at }),
  };
  return body as NetworkBody;
}

const otherNames: Record<string, Name> = {
  'vlan.pool': 'vlan_pool',
  'ipv4.static': 'static_ipv4',
  'ipv4.pool': 'ipv4_pool',
  'ipv4.reservation': 'reserved_ipv4',
  'ipv6.static': 'static_ipv6',
  'ipv6.pool': 'ipv6_pool',
  'ipv6.reservation': 'reserved_ipv6',
  'delegated_prefix.reservation': 'reserved_prefix',
  'delegated_prefix.static': 'delegated_ipv6_prefix',
  'delegated_prefix.pool': 'pd_pool',
  'delegated_prefix.length': 'ipv6_pd_size',
  'place.latitude': 'service_latitude',
  'place.longitude': 'service_longitude',
};

/** The form's name of a field of the API: `vlan.service_vlan` is `service_vlan`. */
export const nameOf = (field: string): string => otherNames[field] ?? field.split('.').at(-1) ?? field;
