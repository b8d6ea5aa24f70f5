import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';

export const kinds = ['rate', 'vlan', 'ipv6_prefix', 'suspend', 'resume', 'disconnect'] as const;
export type Kind = (typeof kinds)[number];

/** `run` is the mass change that is open; `create` the form for a new one, with what it begins with. */
export const coaSearch = (raw: RawSearch) =>
  compact({
    cursor: text(raw.cursor),
    run: text(raw.run),
    create: flag(raw.create) || undefined,
    kind: oneOf(kinds, raw.kind),
    nas: text(raw.nas),
    profile: text(raw.profile),
  });
export type CoaSearch = ReturnType<typeof coaSearch>;
