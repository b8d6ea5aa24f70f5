import { compact, flag, oneOf, type RawSearch } from '../../shared/search';

/** The organisation is shown when none is named. */
const tabs = ['flags', 'radius', 'keys'] as const;
export const tabOf = (value: unknown) => oneOf(tabs, value);

export const settingsSearch = (raw: RawSearch) =>
  compact({ tab: tabOf(raw.tab), create: flag(raw.create) || undefined });
