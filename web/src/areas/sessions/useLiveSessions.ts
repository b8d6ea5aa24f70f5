import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, take } from '../../api/client';
import type { Session } from '../../api/types';
import { useSessionStream } from '../../shared/live/useSessionStream';
import { merge } from './liveSet';
import type { SessionsSearch } from './search';

const pageSize = 500;
const mostRows = 5_000;
const drawEveryMs = 300;

/** The first rows of what is online (newest first, by the server), and how many there are in all. */
async function loadOnline({ q, nas }: SessionsSearch, signal: AbortSignal) {
  const rows = new Map<string, Session>();
  let cursor: string | undefined;
  let total: number | null = null;
  do {
    const query = { active: true, limit: pageSize, count: cursor === undefined, q, nas_id: nas, cursor };
    const page = await take(api.GET('/api/v1/radius/sessions', { params: { query }, signal }));
    total ??= page.total ?? null;
    for (const session of page.items) {
      rows.set(session.id, session);
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor && rows.size < mostRows);
  return { rows, total: total ?? rows.size, whole: !cursor };
}

/** Live sessions: loaded once, then kept current by the stream; loaded again after a gap. */
export function useLiveSessions(search: SessionsSearch) {
  const loaded = useQuery({
    queryKey: ['sessions', search],
    queryFn: ({ signal }) => loadOnline(search, signal),
    staleTime: 0,
    refetchInterval: 60_000,
    structuralSharing: false,
  });
  const [rows, setRows] = useState<ReadonlyMap<string, Session>>(new Map());
  const waiting = useRef<Session[]>([]);

  useEffect(() => {
    waiting.current = [];
    setRows(loaded.data?.rows ?? new Map());
  }, [loaded.data]);

  // Events are gathered and drawn a few times a second: a thousand NAS reporting at once must not stall the page.
  useEffect(() => {
    const timer = setInterval(() => {
      if (waiting.current.length > 0) {
        const events = waiting.current;
        waiting.current = [];
        setRows((now) => merge(now, events, search));
      }
    }, drawEveryMs);
    return () => clearInterval(timer);
  }, [search]);

  const stream = useSessionStream({
    session: (session) => waiting.current.push(session),
    reconnected: () => void loaded.refetch(),
  });

  return { loaded, rows, stream };
}
