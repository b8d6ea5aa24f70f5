import { lookup, t } from '../../messages';
import { useProfiles } from '../../shared/lookups';
import { useSites } from '../provisioning/lookups';
import { type Fact, type Scope, speaker, type Value } from './inherit';
import type { Defaults } from './queries';

/** What lines such defaults speak of, by the names of plan and site. */
export function useScopeName() {
  const [plans, sites] = [useProfiles(), useSites()];
  return (of: Scope & { bandwidth_profile_name?: string | null }) => {
    const plan =
      of.bandwidth_profile_id &&
      (of.bandwidth_profile_name ??
        plans.find((one) => one.id === of.bandwidth_profile_id)?.name ??
        t('defaults.scope.unknownPlan', { id: of.bandwidth_profile_id.slice(0, 8) }));
    const site =
      of.site_id &&
      (sites.find((one) => one.id === of.site_id)?.name ??
        t('defaults.scope.unknownSite', { id: of.site_id.slice(0, 8) }));
    return plan && site ? t('defaults.scope.both', { plan, site }) : plan || site || t('defaults.scope.all');
  };
}

/** A value in words; of null, what then happens. */
export function told(fact: Fact, value: Value | undefined): string {
  if (value === undefined) {
    return t('defaults.value.flag');
  }
  if (value === null) {
    return t(fact === 'ipv6_assignment_mode' ? 'defaults.value.mode' : 'defaults.value.pool');
  }
  switch (fact) {
    case 'qinq_enabled':
      return t(value ? 'defaults.qinq.true' : 'defaults.qinq.false');
    case 'ipv6_pd_size':
      return `/${value}`;
    case 'ipv6_assignment_mode':
      return lookup(`subscriber.ipv6.${value}`) ?? String(value);
    case 'option82_policy':
      return lookup(`subscriber.option82.${value}`) ?? String(value);
    default:
      return String(value);
  }
}

const last: Partial<Record<Fact, 'flag' | 'builtIn'>> = {
  option82_policy: 'flag',
  qinq_enabled: 'builtIn',
  ipv6_pd_size: 'builtIn',
  ipv6_assignment_mode: 'builtIn',
};

export type Inherited = { value: Value | undefined; from: Defaults | undefined; source: string };

/** What holds when nobody says anything; of Option 82 the tenant's flag decides. */
const below: Record<Fact, Value | undefined> = {
  vlan_pool: null,
  qinq_enabled: false,
  ipv4_pool: null,
  ipv6_assignment_mode: null,
  ipv6_pool: null,
  pd_pool: null,
  ipv6_pd_size: 56,
  option82_policy: undefined,
};

/** Each fact of a line with who says it; `without` leaves one out, as if it were not there. */
export function useInherited(all: readonly Defaults[]) {
  const scopeName = useScopeName();
  return (line: Scope, fact: Fact, without?: Defaults): Inherited => {
    const from = speaker(without ? all.filter((one) => one.id !== without.id) : all, line, fact);
    return from
      ? { value: from[fact], from, source: t('defaults.from', { source: scopeName(from) }) }
      : { value: below[fact], from, source: t(`defaults.source.${last[fact] ?? 'plan'}`) };
  };
}
