import { emptyOrder, type OrderField, type OrderValues, secrets } from './fields';
import type { Run } from './queries';

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Where the run calls a field of the order otherwise than the form. */
const ofRun: Partial<Record<OrderField, string>> = {
  bandwidth_profile_id: 'plan_id',
  ipv6_assignment_mode: 'ipv6_mode',
};

/** `203.0.113.9/32` is one address: the form wants it without its length. */
const plain = (value: unknown) => (typeof value === 'string' ? value.replace(/\/(32|128)$/, '') : value);

/** The form as the order was that a run began with, without its secrets: they are sealed in it. */
export function valuesOf(run: Pick<Run, 'state'>): OrderValues {
  const state = record(run.state);
  const line = record(state.line);
  const values = { ...emptyOrder };
  for (const field of Object.keys(emptyOrder) as OrderField[]) {
    const name = ofRun[field] ?? field;
    const found = plain(name in line && field !== 'bandwidth_profile_id' ? line[name] : state[name]);
    if (!secrets.includes(field) && (typeof found === 'string' || typeof found === 'number' || found === true)) {
      values[field] = found;
    }
  }
  // Given back by the run, it is the reservation again.
  const reservations = record(state.reservations);
  values.reserved_ipv4 = String(reservations.ipv4 ?? '');
  values.reserved_ipv6 = String(reservations.ipv6 ?? '');
  values.reserved_prefix = String(reservations.delegated_prefix ?? '');
  values.ipv4_way =
    values.reserved_ipv4 !== ''
      ? 'reserved'
      : values.static_ipv4 !== ''
        ? 'static'
        : values.nas_ipv4_pool !== ''
          ? 'nas'
          : 'pool';
  values.vlan_way = values.service_vlan !== '' ? 'given' : values.vlan_pool !== '' ? 'pool' : 'none';
  return values;
}

/** Whether the form can be filled from it: an order that was undone, so that nothing of it is left. */
export const isOrderable = (run: Pick<Run, 'definition' | 'status'>) =>
  run.definition === 'provision' && run.status === 'compensated';
