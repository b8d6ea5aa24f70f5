import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Decision, Session } from '../../api/types';

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ['session', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/sessions/{id}', { params: { path: { id } }, signal })),
    // The stream tells of changes; this is for the time it is down.
    refetchInterval: 30_000,
  });

/** Clocks of NAS and server may differ by this much. */
const startSlackMs = 10_000;
const hourMs = 3_600_000;
const mostHours = 7 * 24;

/** The subscriber's hours that this session spans, the last week of them at most. */
export const sessionHoursQuery = (session: Session) =>
  queryOptions({
    queryKey: ['session-hours', session.id, session.stopped_at],
    enabled: session.subscriber_id !== null,
    queryFn: ({ signal }) => {
      const to = session.stopped_at ? new Date(session.stopped_at).getTime() : Date.now();
      const from = Math.max(new Date(session.started_at).getTime(), to - mostHours * hourMs);
      const query = { step: 'hour', from: new Date(from).toISOString(), to: new Date(to + 1000).toISOString() };
      const path = { key: session.subscriber_id ?? '' };
      return take(api.GET('/api/v1/subscribers/{key}/usage', { params: { path, query }, signal }));
    },
    refetchInterval: 60_000,
  });

export const sessionDecisionsQuery = (session: Session) =>
  queryOptions({
    queryKey: ['decisions', 'of-session', session.id],
    enabled: session.username !== null,
    queryFn: ({ signal }) => {
      const to = new Date(new Date(session.started_at).getTime() + startSlackMs).toISOString();
      const query = { username: session.username ?? '', outcome: 'accept', to, limit: 20 };
      return take(api.GET('/api/v1/radius/decisions', { params: { query }, signal }));
    },
  });

export const ownerQuery = (id: string) =>
  queryOptions({
    queryKey: ['subscriber', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/subscribers/{key}', { params: { path: { key: id } }, signal })),
  });

/**
 * The accept that let this session in: the last one before its start (clocks of NAS and server may differ by some seconds) from the same
 * station. Nothing in RADIUS ties the two together more firmly.
 */
export function letIn(session: Session, decisions: Decision[]): Decision | undefined {
  const start = new Date(session.started_at).getTime() + startSlackMs;
  const station = session.calling_station_id?.toLowerCase();
  return decisions
    .filter((one) => one.outcome === 'accept' && new Date(one.at).getTime() <= start)
    .filter((one) => !station || !one.calling_station_id || one.calling_station_id.toLowerCase() === station)
    .sort((a, b) => b.at.localeCompare(a.at))[0];
}
