import { compact, oneOf, type RawSearch, text } from '../../shared/search';

export const kinds = ['standard', 'vendor', 'check-items', 'reply-items'] as const;

export function dictionarySearch(raw: RawSearch) {
  const vendor = Number(raw.vendor);
  return compact({
    kind: oneOf(kinds, raw.kind),
    q: text(raw.q),
    vendor: Number.isInteger(vendor) && vendor > 0 ? vendor : undefined,
    cursor: text(raw.cursor),
    open: text(raw.open),
  });
}
export type DictionarySearch = ReturnType<typeof dictionarySearch>;
