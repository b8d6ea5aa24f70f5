import { compact, oneOf, type RawSearch, text } from '../../shared/search';

export const spans = ['7', '30', '90', '365'] as const;
export const directions = ['both', 'down', 'up'] as const;
const day = (value: unknown) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined);

/** `from` and `to` are days in the tenant's zone, both included; without them `days` back from today. */
export const usageSearch = (raw: RawSearch) =>
  compact({
    days: oneOf(spans, raw.days === undefined ? undefined : String(raw.days)),
    from: day(raw.from),
    to: day(raw.to),
    step: oneOf(['hour', 'day'], raw.step),
    nas: text(raw.nas),
    show: oneOf(['volume'], raw.show),
    direction: oneOf(directions, raw.direction),
  });
export type UsageSearch = ReturnType<typeof usageSearch>;

const dayMs = 86_400_000;
const shift = (of: string, days: number) => new Date(Date.parse(of) + days * dayMs).toISOString().slice(0, 10);
const mostHourlyDays = 31;

/** The days and the step that the search means, today being `today`. */
export function meant(search: UsageSearch, today: string) {
  const to = search.to ?? today;
  const from = search.from ?? shift(to, 1 - Number(search.days ?? '30'));
  const length = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  const step = length > mostHourlyDays ? 'day' : (search.step ?? (length <= 8 ? 'hour' : 'day'));
  return { from, to, step, hoursAllowed: length <= mostHourlyDays } as const;
}
