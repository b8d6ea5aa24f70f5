/** What defaults can say, in the order in which it is read. */
export const facts = [
  'vlan_pool',
  'qinq_enabled',
  'ipv4_pool',
  'ipv6_assignment_mode',
  'ipv6_pool',
  'pd_pool',
  'ipv6_pd_size',
  'option82_policy',
] as const;

export type Fact = (typeof facts)[number];
export type Value = string | number | boolean | null;
export type Scope = { bandwidth_profile_id: string | null; site_id: string | null };
export type Said = Scope & Record<Fact, Value>;

/** Of plan and site 3, of a plan 2, of a site 1, of neither 0: the server's order. */
export const precision = (of: Scope) => (of.bandwidth_profile_id === null ? 0 : 2) + (of.site_id === null ? 0 : 1);

const fits = (of: Scope, line: Scope) =>
  (of.bandwidth_profile_id === null || of.bandwidth_profile_id === line.bandwidth_profile_id) &&
  (of.site_id === null || of.site_id === line.site_id);

/** The defaults that have the last word on a fact of such a line; undefined when none says anything. */
export function speaker<D extends Said>(all: readonly D[], line: Scope, fact: Fact): D | undefined {
  return all
    .filter((one) => fits(one, line) && one[fact] !== null)
    .sort((a, b) => precision(b) - precision(a))
    .at(0);
}
