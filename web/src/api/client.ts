import createClient, { type Middleware } from 'openapi-fetch';
import { offline, type Problem, readProblem } from './problem';
import type { paths } from './schema';

const safeMethods = new Set(['GET', 'HEAD']);
let onSignedOut: () => void = () => undefined;

/** Called once by the shell: what to do when the server says that nobody is signed in any more. */
export function whenSignedOut(action: () => void) {
  onSignedOut = action;
}

const session: Middleware = {
  onRequest({ request }) {
    if (!safeMethods.has(request.method)) {
      request.headers.set('X-CSRF', '1');
    }
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !schemaPath.startsWith('/api/v1/auth/')) {
      onSignedOut();
    }
  },
};

export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });
api.use(session);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a successful answer; anything else is thrown as a {@link Problem}. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call.catch((cause: unknown) => {
    throw offline(cause);
  });
  if (!answer.response.ok) {
    throw readProblem(answer.response, answer.error);
  }
  return answer.data as T;
}

/** Header for an edit that must not overwrite someone else's. `version` is the entity's own. */
export const ifMatch = (version: number) => ({ 'If-Match': `W/"${version}"` });
