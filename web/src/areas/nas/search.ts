import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';

export const vendors = [
  'mikrotik',
  'cisco',
  'huawei',
  'juniper',
  'nokia',
  'zte',
  'ubiquiti',
  'cambium',
  'generic',
] as const;

export function nasListSearch(raw: RawSearch) {
  return compact({
    q: text(raw.q),
    vendor: oneOf(vendors, raw.vendor),
    group: text(raw.group),
    sort: text(raw.sort),
    cursor: text(raw.cursor),
    create: flag(raw.create) || undefined,
  });
}
export type NasListSearch = ReturnType<typeof nasListSearch>;

export const nasSearch = (raw: RawSearch) => compact({ edit: flag(raw.edit) || undefined });
