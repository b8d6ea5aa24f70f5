import { useEffect, useRef, useState } from 'react';
import type { Session } from '../../api/types';

/** live: heard from within the last ping interval or two. stale: what is on screen may be old. */
export type StreamState = 'connecting' | 'live' | 'stale';

const url = '/api/v1/radius/sessions/stream';
const silenceMs = 25_000; // the server pings every 10 s
const retryMs = 5_000;

type Hear = { session: (session: Session) => void; reconnected?: () => void };

/** Follows the server's session events. After a gap `reconnected` is called, because events were missed: load again. */
export function useSessionStream(hear: Hear, enabled = true): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const latest = useRef(hear);
  latest.current = hear;

  useEffect(() => {
    if (!enabled) {
      return;
    }
    let source: EventSource | undefined;
    let silence: ReturnType<typeof setTimeout>;
    let retry: ReturnType<typeof setTimeout>;
    let opened = false;

    const heard = () => {
      setState('live');
      clearTimeout(silence);
      silence = setTimeout(reconnect, silenceMs);
    };
    const connect = () => {
      source = new EventSource(url);
      source.onopen = () => {
        if (opened) {
          latest.current.reconnected?.();
        }
        opened = true;
        heard();
      };
      source.addEventListener('ping', heard);
      source.addEventListener('session', (event) => {
        heard();
        latest.current.session(JSON.parse(event.data) as Session);
      });
      source.onerror = reconnect;
    };
    function reconnect() {
      setState('stale');
      source?.close();
      clearTimeout(silence);
      clearTimeout(retry);
      retry = setTimeout(connect, retryMs);
    }

    connect();
    return () => {
      source?.close();
      clearTimeout(silence);
      clearTimeout(retry);
    };
  }, [enabled]);

  return state;
}
