import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';
import { readMinute } from '../../shared/zonedDay';

export const tabs = ['prefixes', 'pools', 'addresses', 'vlans', 'vrfs', 'sites', 'import'] as const;
export type Tab = (typeof tabs)[number];

/** Pools are shown when none is named. */
export const vlanParts = ['pools', 'held', 'list', 'groups'] as const;
export type VlanPart = (typeof vlanParts)[number];

const whole = (value: unknown) => (/^\d{1,4}$/.test(String(value)) ? Number(value) : undefined);

export const ipamSearch = (raw: RawSearch) =>
  compact({
    tab: oneOf(tabs, raw.tab),
    part: oneOf(vlanParts, raw.part),
    q: text(raw.q),
    sort: text(raw.sort),
    cursor: text(raw.cursor),
    group: text(raw.group),
    vlan: whole(raw.vlan),
    vrf: text(raw.vrf),
    pool: text(raw.pool),
    kind: oneOf(['ipv4', 'ipv6', 'delegated_prefix'], raw.kind),
    ended: flag(raw.ended) || undefined,
    who: text(raw.who),
    at: readMinute(raw.at),
    create: flag(raw.create) || undefined,
    edit: text(raw.edit),
  });

export const prefixSearch = (raw: RawSearch) =>
  compact({ network: text(raw.network), sort: text(raw.sort), cursor: text(raw.cursor) });
