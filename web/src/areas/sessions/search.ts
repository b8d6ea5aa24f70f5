import { compact, oneOf, type RawSearch, text } from '../../shared/search';

export const sortWords = [
  'username',
  'nas',
  'download_bps',
  'upload_bps',
  'traffic',
  'started_at',
  'updated_at',
] as const;
export type SortWord = (typeof sortWords)[number];
const sorts = sortWords.flatMap((word) => [word, `-${word}` as const]);

/** No sort is newest first. */
export const sessionsSearch = (raw: RawSearch) =>
  compact({ q: text(raw.q), nas: text(raw.nas), sort: oneOf(sorts, raw.sort) });
export type SessionsSearch = ReturnType<typeof sessionsSearch>;
