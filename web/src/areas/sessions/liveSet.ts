import type { Session } from '../../api/types';
import type { SessionsSearch } from './search';

/** The same test as the server's `q` and `nas_id`, for sessions that arrive by the stream. */
export function matches(session: Session, { q, nas }: SessionsSearch): boolean {
  if (nas && session.nas?.id !== nas) {
    return false;
  }
  const wanted = q?.toLowerCase();
  const places = [
    session.username,
    session.framed_ipv4_address,
    session.framed_ipv6_prefix,
    session.delegated_ipv6_prefix,
    session.calling_station_id,
    session.acct_session_id,
    session.nas_port_id,
    session.nas?.shortname,
  ];
  return !wanted || places.some((place) => place?.toLowerCase().includes(wanted));
}

/** What the stream has told since the list was read. */
export type Heard = {
  /** The newest state of sessions that are in the list, and of ended ones. */
  latest: ReadonlyMap<string, Session>;
  /** Sessions that began since, newest first. */
  fresh: Session[];
  /** How many of the list have ended since. */
  ended: number;
};

export const nothingHeard: Heard = { latest: new Map(), fresh: [], ended: 0 };
const mostLatest = 20_000;

/** So much has changed (a NAS restarted) that the list is better read again than kept up. */
export const isStorm = (heard: Heard) => heard.ended + heard.fresh.length > 500;

/**
 * Takes in events. A row of the list keeps its place when it ends, so that nothing moves beneath the reader's hand; `asOf` is when the
 * list was read: what began before is in it already, whether its page is loaded or not.
 */
export function hear(heard: Heard, events: Session[], asOf: string, search: SessionsSearch): Heard {
  const latest = new Map(heard.latest);
  const fresh = new Map(heard.fresh.map((session) => [session.id, session]));
  let { ended } = heard;
  const since = Date.parse(asOf);
  for (const session of events) {
    if (!matches(session, search)) {
      continue;
    }
    const isNew = Date.parse(session.started_at) > since;
    if (isNew && session.stopped_at) {
      fresh.delete(session.id);
    } else if (isNew) {
      fresh.set(session.id, session);
    } else {
      const known = latest.get(session.id);
      const endedSince = session.stopped_at !== null && Date.parse(session.stopped_at) > since;
      ended += endedSince && !known?.stopped_at ? 1 : 0;
      latest.set(session.id, session);
    }
  }
  for (const id of latest.keys()) {
    if (latest.size <= mostLatest) {
      break;
    }
    latest.delete(id);
  }
  return { latest, fresh: newestFirst([...fresh.values()]), ended };
}

/** Newest first; sessions that start in the same moment keep one order. */
function newestFirst(sessions: Session[]): Session[] {
  return sessions.sort((a, b) => b.started_at.localeCompare(a.started_at) || a.id.localeCompare(b.id));
}
