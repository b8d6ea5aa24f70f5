import { compact, oneOf, type RawSearch, text } from '../../shared/search';

export const statuses = [
  'pending',
  'running',
  'completed',
  'degraded',
  'compensating',
  'compensated',
  'stuck',
  'given_up',
] as const;

/** How far back the list goes. */
export const spans = ['hour', 'day', 'week', 'month'] as const;

export const runsSearch = (raw: RawSearch) =>
  compact({
    q: text(raw.q),
    status: oneOf(statuses, raw.status),
    definition: text(raw.definition),
    subject: text(raw.subject),
    parent: text(raw.parent),
    since: oneOf(spans, raw.since),
    sort: text(raw.sort),
    cursor: text(raw.cursor),
  });
export type RunsSearch = ReturnType<typeof runsSearch>;

/** `tab` is which list of what waits for an operator is open. */
export const repairsSearch = (raw: RawSearch) =>
  compact({ tab: oneOf(['degraded'], raw.tab), sort: text(raw.sort), cursor: text(raw.cursor) });

/** `plan`, `onu` and `site` are what the form begins with; `from` is the run whose order is to be corrected. */
export const newSubscriberSearch = (raw: RawSearch) =>
  compact({ plan: text(raw.plan), onu: text(raw.onu), site: text(raw.site), from: text(raw.from) });
