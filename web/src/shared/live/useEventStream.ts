import { useEffect, useRef, useState } from 'react';

/** live: heard from within the last ping interval or two. stale: what is on screen may be old. */
export type StreamState = 'connecting' | 'live' | 'stale';

const silenceMs = 25_000; // the server pings every 10 s
const retryMs = 5_000;
const graceMs = 6_000; // the server ends a stream after a minute, and the browser goes on by itself after two seconds

export type Hear = {
  /** What to do with each kind of event; the data is handed over parsed. */
  events: Record<string, (data: unknown) => void>;
  /** After a gap, because events were missed: load again. */
  reconnected?: () => void;
};

/** Follows a stream of server-sent events. The kinds of event are those of the first render; null follows nothing. */
export function useEventStream(url: string | null, hear: Hear): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const latest = useRef(hear);
  latest.current = hear;

  useEffect(() => {
    if (url === null) {
      return;
    }
    let source: EventSource | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout>;
    let grace: ReturnType<typeof setTimeout> | undefined;
    let lost = false;
    let heardAt = 0;

    // When a hundred thousand sessions begin at once this is called for each: it only notes the time, and one timer looks at it.
    const heard = () => {
      heardAt = performance.now();
      if (grace !== undefined) {
        clearTimeout(grace);
        grace = undefined;
      }
      if (silence === undefined) {
        setState('live');
        silence = setTimeout(listen, silenceMs);
      }
    };
    function listen() {
      const left = heardAt + silenceMs - performance.now();
      if (left > 0) {
        silence = setTimeout(listen, left);
      } else {
        reconnect();
      }
    }
    const connect = () => {
      source = new EventSource(url);
      source.onopen = () => {
        if (lost) {
          latest.current.reconnected?.();
        }
        lost = false;
        heard();
      };
      source.addEventListener('ping', heard);
      for (const kind of Object.keys(latest.current.events)) {
        source.addEventListener(kind, (event) => {
          heard();
          latest.current.events[kind]?.(JSON.parse(event.data));
        });
      }
      source.onerror = () => {
        if (source?.readyState === EventSource.CLOSED) {
          reconnect();
        } else {
          grace ??= setTimeout(reconnect, graceMs);
        }
      };
    };
    function reconnect() {
      lost = true;
      setState('stale');
      source?.close();
      clearTimeout(grace);
      grace = undefined;
      clearTimeout(silence);
      silence = undefined;
      clearTimeout(retry);
      retry = setTimeout(connect, retryMs);
    }

    connect();
    return () => {
      source?.close();
      clearTimeout(silence);
      clearTimeout(retry);
      clearTimeout(grace);
    };
  }, [url]);

  return state;
}
