import { compact, flag, type RawSearch, text } from '../../shared/search';

export const upstreamsSearch = (raw: RawSearch) =>
  compact({ q: text(raw.q), cursor: text(raw.cursor), create: flag(raw.create) || undefined, edit: text(raw.edit) });
