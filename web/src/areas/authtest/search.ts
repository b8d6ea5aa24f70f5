import { compact, oneOf, type RawSearch, text } from '../../shared/search';

export const methods = ['pap', 'chap'] as const;

/** What is asked, apart from the password: a test can be handed on as a link. */
export const authTestSearch = (raw: RawSearch) =>
  compact({
    username: text(raw.username),
    nas: text(raw.nas),
    method: oneOf(methods, raw.method),
    circuit: text(raw.circuit),
    remote: text(raw.remote),
  });
export type AuthTestSearch = ReturnType<typeof authTestSearch>;
