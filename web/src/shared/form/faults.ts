import type { UseFormReturnType } from '@mantine/form';
import { asProblem, type Fault } from '../../api/problem';

/** A conflict names no field, but its code says which one is meant. */
const conflictFields: Record<string, string> = {
  'subscriber.username_taken': 'username',
  'subscriber.number_taken': 'subscriber_number',
  'subscriber.address_taken': 'framed_ipv4_address',
  'subscriber.prefix_taken': 'delegated_ipv6_prefix',
  'bandwidth_profile.name_taken': 'name',
  'nas.shortname_taken': 'shortname',
  'api_key.taken': 'name',
  'network_profile_defaults.exists': 'bandwidth_profile_id',
  'ipam_pool.name_taken': 'name',
  'ipam_vlan_pool.name_taken': 'name',
  'ipam_vlan_group.name_taken': 'name',
  'ipam_vlan.vid_taken': 'vid',
  'ipam_vrf.name_taken': 'name',
  'ipam_vrf.rd_taken': 'rd',
  'site.slug_taken': 'slug',
  'user.taken': 'email',
  'role.taken': 'name',
  'tenant.taken': 'slug',
};

/**
 * Puts each fault of a refused write at its field, which `nameOf` tells where the form calls it otherwise than the API. Answers the faults
 * that belong to no field of this form.
 */
export function showFaults<V extends Record<string, unknown>>(
  form: UseFormReturnType<V>,
  error: unknown,
  nameOf: (field: string) => string = (field) => field,
): Fault[] {
  const { code, detail, title, faults: listed } = asProblem(error);
  const field = conflictFields[code];
  const faults = field ? [{ field, code, message: detail ?? title }] : listed;
  const errors: Record<string, string> = {};
  const others: Fault[] = [];
  for (const fault of faults) {
    const at = placeOf(nameOf(fault.field), form.values);
    if (at === undefined) {
      others.push(fault);
    } else {
      errors[at] = errors[at] ? `${errors[at]} ${fault.message}` : fault.message;
    }
  }

  form.setErrors(errors);
  const first = Object.keys(errors)[0];
  if (first !== undefined) {
    form.getInputNode(first)?.focus();
  }
  return others;
}

/** The form's own field of that name; of a part of it (cron.hours), the field that holds the part. */
function placeOf(field: string, values: Record<string, unknown>): string | undefined {
  const whole = field.split('.')[0] ?? field;
  return field in values ? field : whole in values ? whole : undefined;
}
