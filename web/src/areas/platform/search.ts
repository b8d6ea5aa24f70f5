import { compact, flag, type RawSearch, text } from '../../shared/search';

export const tenantsSearch = (raw: RawSearch) =>
  compact({ cursor: text(raw.cursor), create: flag(raw.create) || undefined });
