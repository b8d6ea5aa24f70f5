import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';
import { vendors } from '../nas/search';

export const profilesSearch = (raw: RawSearch) =>
  compact({ q: text(raw.q), cursor: text(raw.cursor), create: flag(raw.create) || undefined, edit: text(raw.edit) });
export type ProfilesSearch = ReturnType<typeof profilesSearch>;

export const profileSearch = (raw: RawSearch) =>
  compact({ vendor: oneOf(vendors, raw.vendor), packet: oneOf(['coa'], raw.packet) });
