import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api, take } from '../../api/client';
import type { Session } from '../../api/types';
import { useSessionStream } from '../../shared/live/useSessionStream';
import { hear, isStorm, nothingHeard } from './liveSet';
import type { SessionsSearch } from './search';

const pageRows = 250;
const drawEveryMs = 300;
/** A list at its top is read again this often: ended sessions leave, and the order is true again. */
const freshenEveryMs = 30_000;

const marksOf = ({ q, nas, sort }: SessionsSearch, signal: AbortSignal) =>
  take(
    api.GET('/api/v1/radius/sessions/marks', { params: { query: { q, nas_id: nas, sort, limit: pageRows } }, signal }),
  );

export const sessionsPage = (
  { q, nas, sort }: SessionsSearch,
  cursor: string | undefined,
  limit: number,
  signal?: AbortSignal,
) =>
  take(
    api.GET('/api/v1/radius/sessions', {
      params: { query: { active: true, q, nas_id: nas, sort, limit, cursor } },
      signal,
    }),
  );

/**
 * The open sessions as one list of any length: how many there are and the doors to its pages are read once, a page when its rows come into
 * sight, and the stream keeps what is loaded current.
 */
export function useLiveSessions(search: SessionsSearch) {
  const [heard, setHeard] = useState(nothingHeard);
  const [inSight, setInSight] = useState<number[]>([0]);
  const [atTop, setAtTop] = useState(true);
  const waiting = useRef<Session[]>([]);

  const marks = useQuery({
    queryKey: ['session-marks', search],
    queryFn: ({ signal }) => marksOf(search, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: atTop ? freshenEveryMs : false,
    refetchOnWindowFocus: atTop,
  });
  const { data, isPlaceholderData } = marks;
  const asOf = data?.as_of;

  const cursors = data?.cursors;
  const pages = useQueries({
    queries: inSight
      .filter((page) => cursors?.[page] !== undefined)
      .map((page) => ({
        queryKey: ['session-rows', search, asOf, page],
        queryFn: async ({ signal }: { signal: AbortSignal }) => ({
          page,
          rows: (await sessionsPage(search, cursors?.[page], pageRows, signal)).items,
        }),
        enabled: asOf !== undefined && !isPlaceholderData,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
      })),
  });

  // Rows of before stand in for a page that is being read again.
  const known = useRef(new Map<number, Session[]>());
  const arrived = pages.map((page) => page.dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another search never stand in
  useMemo(() => known.current.clear(), [search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `arrived` changes when a page does
  const rowsOf = useMemo(() => {
    for (const { data: page } of pages) {
      if (page) {
        known.current.set(page.page, page.rows);
      }
    }
    return new Map(known.current);
  }, [arrived, search]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a list read anew has heard nothing yet
  useEffect(() => setHeard(nothingHeard), [asOf, search]);

  // Events are gathered and drawn a few times a second: a thousand NAS reporting at once must not stall the page.
  useEffect(() => {
    const timer = setInterval(() => {
      if (waiting.current.length > 0 && asOf) {
        const events = waiting.current;
        waiting.current = [];
        setHeard((now) => hear(now, events, asOf, search));
      }
    }, drawEveryMs);
    return () => clearInterval(timer);
  }, [search, asOf]);

  const { refetch } = marks;
  const storm = isStorm(heard);
  useEffect(() => {
    if (storm) {
      void refetch();
    }
  }, [storm, refetch]);

  const stream = useSessionStream({
    session: (session) => waiting.current.push(session),
    reconnected: () => void refetch(),
  });

  const fresh = search.sort ? [] : heard.fresh;
  const at = useCallback(
    (index: number): Session | undefined => {
      const young = fresh[index];
      if (young) {
        return young;
      }
      const place = index - fresh.length;
      const row = rowsOf.get(Math.floor(place / pageRows))?.[place % pageRows];
      return row && (heard.latest.get(row.id) ?? row);
    },
    [fresh, rowsOf, heard],
  );

  /** Told by the table: which rows are in sight. */
  const look = useCallback(
    (first: number, last: number) => {
      const pageOf = (index: number) => Math.max(0, Math.floor((index - fresh.length) / pageRows));
      const wanted: number[] = [];
      for (let page = pageOf(first); page <= pageOf(last); page += 1) {
        wanted.push(page);
      }
      setInSight((now) => (now.join() === wanted.join() ? now : wanted));
      setAtTop(first === 0);
    },
    [fresh.length],
  );

  const failed = pages.find((page) => page.isError);
  return {
    marks,
    failure: marks.error ?? failed?.error,
    retry: () => void (failed ?? marks).refetch(),
    /** Rows the list has places for. */
    length: (data?.total ?? 0) + fresh.length,
    online: Math.max(0, (data?.total ?? 0) + heard.fresh.length - heard.ended),
    started: heard.fresh.length,
    ended: heard.ended,
    at,
    look,
    stream,
  };
}
