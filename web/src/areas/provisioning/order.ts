import { asProblem, type Fault } from '../../api/problem';
import { t } from '../../messages';
import { asked, emptyOrder, type OrderField, type OrderForm, type OrderValues } from './fields';
import type { Order } from './queries';

const ofLine: ReadonlySet<OrderField> = new Set<OrderField>([
  'circuit_id',
  'remote_id',
  'option82_policy',
  'service_vlan',
  'inner_vlan',
  'qinq_enabled',
  'vlan_pool',
  'static_ipv4',
  'ipv4_pool',
  'nas_ipv4_pool',
  'ipv6_assignment_mode',
  'static_ipv6',
  'ipv6_pool',
  'delegated_ipv6_prefix',
  'ipv6_pd_size',
  'pd_pool',
  'site_id',
]);

/** The kinds of what may be reserved, as the order names them. */
const reserved = { reserved_ipv4: 'ipv4', reserved_ipv6: 'ipv6', reserved_prefix: 'delegated_prefix' } as const;
type Reserved = keyof typeof reserved;
const isReserved = (name: OrderField): name is Reserved => name in reserved;

/** The order as it is sent: what counts and was filled in; the line's facts, what is reserved for it and the Wi-Fi in parts of their own. */
export function orderBody(values: OrderValues): Order {
  const fields = asked(values);
  const given = (Object.entries(values) as [OrderField, unknown][]).filter(
    ([name, value]) => fields.has(name) && value !== '' && value !== false,
  );
  const {
    bandwidth_profile_id: plan_id,
    wifi_ssid: ssid,
    wifi_passphrase: passphrase,
    ...own
  } = Object.fromEntries(given.filter(([name]) => !ofLine.has(name) && !isReserved(name)));
  const reservations = given.flatMap(([name, id]) => (isReserved(name) ? [[reserved[name], id]] : []));
  return {
    ...own,
    plan_id,
    network_profile: Object.fromEntries(given.filter(([name]) => ofLine.has(name))),
    ...(reservations.length > 0 && { reservations: Object.fromEntries(reservations) }),
    ...(ssid || passphrase ? { wifi: { ssid, passphrase } } : {}),
  } as Order;
}

/** Names that the API has for a field where the form has another one. */
const otherNames: Record<string, OrderField> = {
  plan_id: 'bandwidth_profile_id',
  ssid: 'wifi_ssid',
  passphrase: 'wifi_passphrase',
  latitude: 'service_latitude',
  longitude: 'service_longitude',
  ipv4: 'reserved_ipv4',
  ipv6: 'reserved_ipv6',
  delegated_prefix: 'reserved_prefix',
  framed_ipv4_address: 'static_ipv4',
};

/** A refusal that names no field, but whose code says which one is meant. */
const fieldOf: Record<string, OrderField> = {
  'subscriber.username_taken': 'username',
  'subscriber.number_taken': 'subscriber_number',
  'subscriber.address_taken': 'static_ipv4',
  'subscriber.prefix_taken': 'delegated_ipv6_prefix',
  'subscriber.onu_taken': 'onu_serial',
  'subscriber.cpe_taken': 'cpe_mac_address',
  'ipam.address_taken': 'static_ipv4',
  'ipam.vlan_taken': 'service_vlan',
  'pon.onu_unknown': 'onu_serial',
  'pon.onu_taken': 'onu_serial',
};

/** The field of the form that a fault is about: `network_profile.service_vlan` is `service_vlan`. */
export function fieldFor(fault: Pick<Fault, 'field' | 'code'>): OrderField | undefined {
  const last = fault.field.split('.').at(-1) ?? '';
  if (last in emptyOrder) {
    return last as OrderField;
  }
  return otherNames[last] ?? fieldOf[fault.code];
}

/** What can be seen before the server is asked: without one, "reserved" would be taken for the next free one. */
export const missing = (values: OrderValues): Partial<Record<OrderField, string>> =>
  values.ipv4_way === 'reserved' && values.reserved_ipv4 === '' ? { reserved_ipv4: t('network.required') } : {};

/** Puts every fault at its field, moves to the first, and answers those that have none. */
export function orderFaults(form: OrderForm, error: unknown): Fault[] {
  const { code, title, detail, faults: listed } = asProblem(error);
  const faults = listed.length > 0 || !fieldOf[code] ? listed : [{ field: '', code, message: detail ?? title }];
  const placed = faults.filter((fault) => fieldFor(fault));
  form.setErrors(Object.fromEntries(placed.map((fault) => [fieldFor(fault) ?? '', fault.message])));
  const first = Object.keys(emptyOrder).find((field) => placed.some((fault) => fieldFor(fault) === field));
  if (first) {
    // After the fault has been drawn: it may have brought the form back from the preview.
    requestAnimationFrame(() => form.getInputNode(first)?.focus());
  }
  return faults.filter((fault) => !placed.includes(fault));
}
