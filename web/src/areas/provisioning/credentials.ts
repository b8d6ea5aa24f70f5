/** What was typed or made for a line, from its order until somebody has written it down. In memory alone. */
export type Credentials = { username: string; password: string };

const known = new Map<string, Credentials>();

export const keepCredentials = (runId: string, of: Credentials) => void known.set(runId, of);
export const credentialsOf = (runId: string) => known.get(runId);
export const forgetCredentials = (runId: string) => void known.delete(runId);
