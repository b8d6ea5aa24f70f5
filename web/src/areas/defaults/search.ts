import { compact, flag, type RawSearch, text } from '../../shared/search';

/** `plan` and `site` are the line one asks about; `create` and `edit` open the form, of a new one and of that one. */
export const defaultsSearch = (raw: RawSearch) =>
  compact({
    q: text(raw.q),
    plan: text(raw.plan),
    site: text(raw.site),
    create: flag(raw.create) || undefined,
    edit: text(raw.edit),
  });
