import { useLocation, useNavigate } from '@tanstack/react-router';

declare module '@tanstack/history' {
  interface HistoryState {
    /** Cursors of the pages before this one ('' is the first), so that "previous" works on a keyset list. */
    trail?: string[];
  }
}

export type Paging = { first?: () => void; previous?: () => void; next?: () => void };

/** Keyset paging with the cursor in the URL. The way back is kept in the history entry; a deep link can go to the first page only. */
export function usePaging(cursor: string | undefined, nextCursor: string | null | undefined): Paging {
  const navigate = useNavigate();
  const trail = useLocation({ select: (location) => location.state.trail ?? [] });
  const go = (to: string | undefined, steps: string[]) => () =>
    navigate({
      to: '.',
      search: ((now: object) => ({ ...now, cursor: to || undefined })) as never,
      state: { trail: steps },
      resetScroll: true,
    });

  return {
    first: cursor ? go(undefined, []) : undefined,
    previous: cursor && trail.length > 0 ? go(trail.at(-1), trail.slice(0, -1)) : undefined,
    next: nextCursor ? go(nextCursor, [...trail, cursor ?? '']) : undefined,
  };
}
