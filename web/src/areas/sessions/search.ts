import { compact, type RawSearch, text } from '../../shared/search';

export const sessionsSearch = (raw: RawSearch) => compact({ q: text(raw.q), nas: text(raw.nas) });
export type SessionsSearch = ReturnType<typeof sessionsSearch>;
