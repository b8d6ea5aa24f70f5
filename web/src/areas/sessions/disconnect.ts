import { api, take } from '../../api/client';

/** Ends one session, or every live session of a username. Answers what each NAS said. */
export const disconnect = (target: { session_id: string } | { username: string }) =>
  take(api.POST('/api/v1/radius/sessions/disconnect', { body: target }));
