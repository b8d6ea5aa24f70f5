import { compact, flag, type RawSearch, text } from '../../shared/search';

export const rolesSearch = (raw: RawSearch) =>
  compact({ cursor: text(raw.cursor), create: flag(raw.create) || undefined, edit: text(raw.edit) });
