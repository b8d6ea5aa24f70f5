import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';

export const states = ['open', 'ignored', 'gone'] as const;
export const kinds = [
  'leaked_address',
  'leaked_vlan',
  'address_not_in_plan',
  'address_differs',
  'address_held_twice',
  'aaa_account_missing',
  'free_radius_drift',
  'wrong_vlan',
  'vlan_not_in_plan',
  'vlan_pair_shared',
  'address_shared',
  'onu_without_owner',
  'owner_without_onu',
  'onu_differs',
  'session_foreign_address',
  'session_without_right',
  'service_without_subscriber',
] as const;

export const reconciliationSearch = (raw: RawSearch) =>
  compact({
    state: oneOf(states, raw.state),
    kind: oneOf(kinds, raw.kind),
    q: text(raw.q),
    subject: text(raw.subject),
    sort: text(raw.sort),
    cursor: text(raw.cursor),
    finding: text(raw.finding),
    ask: flag(raw.ask),
    repair: text(raw.repair),
  });
