import type { Session } from '../../api/types';
import type { SessionsSearch } from './search';

/** The same test as the server's `q` and `nas_id`, for sessions that arrive by the stream. */
export function matches(session: Session, { q, nas }: SessionsSearch): boolean {
  if (nas && session.nas?.id !== nas) {
    return false;
  }
  const wanted = q?.toLowerCase();
  const places = [session.username, session.framed_ipv4_address, session.calling_station_id, session.acct_session_id];
  return !wanted || places.some((place) => place?.toLowerCase().includes(wanted));
}

/** The live sessions on screen by id: new and updated ones replace, stopped ones leave. */
export function merge(now: ReadonlyMap<string, Session>, events: Session[], search: SessionsSearch) {
  const next = new Map(now);
  for (const session of events) {
    if (session.stopped_at) {
      next.delete(session.id);
    } else if (matches(session, search)) {
      next.set(session.id, session);
    }
  }
  return next;
}

/** Newest first; sessions that start in the same moment keep one order. */
export function newestFirst(sessions: ReadonlyMap<string, Session>): Session[] {
  return [...sessions.values()].sort((a, b) => b.started_at.localeCompare(a.started_at) || a.id.localeCompare(b.id));
}
