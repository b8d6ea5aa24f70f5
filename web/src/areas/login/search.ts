import { compact, type RawSearch, text } from '../../shared/search';

/** `next` is a path of this console; anything that could lead to another site reads as absent. */
export function loginSearch(raw: RawSearch) {
  const next = text(raw.next);
  const own = next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\');
  return compact({ next: own ? next : undefined });
}
