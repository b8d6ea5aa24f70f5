import type { Session } from '../../api/types';
import { type StreamState, useEventStream } from './useEventStream';

type Heard = { session: (session: Session) => void; reconnected?: () => void };

/** Follows the server's session events. After a gap `reconnected` is called, because events were missed: load again. */
export const useSessionStream = ({ session, reconnected }: Heard, enabled = true): StreamState =>
  useEventStream(enabled ? '/api/v1/radius/sessions/stream' : null, {
    events: { session: (data) => session(data as Session) },
    reconnected,
  });
