import { compact, flag, oneOf, type RawSearch } from '../../shared/search';

export const settingsSearch = (raw: RawSearch) =>
  compact({ tab: oneOf(['keys', 'radius'], raw.tab), create: flag(raw.create) || undefined });
