import { compact, oneOf, type RawSearch, text } from '../../shared/search';

export const periods = ['1h', '24h', '7d', '30d'] as const;
export const outcomes = ['reject', 'accept', 'all'] as const;
const minute = (value: unknown) => (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(String(value)) ? String(value) : undefined);

/** `until` is a minute in the tenant's zone, included; without it the period ends now. */
export const decisionsSearch = (raw: RawSearch) =>
  compact({
    outcome: oneOf(outcomes, raw.outcome),
    code: text(raw.code),
    nas: text(raw.nas),
    username: text(raw.username),
    period: oneOf(periods, raw.period),
    until: minute(raw.until),
    cursor: text(raw.cursor),
  });
export type DecisionsSearch = ReturnType<typeof decisionsSearch>;
