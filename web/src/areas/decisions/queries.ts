import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { instant } from '../../shared/zonedDay';
import type { DecisionsSearch } from './search';

const hours = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 };
const minuteMs = 60_000;

/** The time asked for. An open end is left open, so that what happens now is seen. */
export function span({ period = '24h', until }: DecisionsSearch, zone: string) {
  const end = until ? new Date(instant(until, zone)).getTime() + minuteMs : undefined;
  const from = new Date((end ?? Date.now()) - hours[period] * 60 * minuteMs).toISOString();
  return { from, to: end === undefined ? undefined : new Date(end).toISOString() };
}

export function decisionsPage(search: DecisionsSearch, zone: string, limit: number, signal?: AbortSignal) {
  const { outcome = 'reject', code, nas, username, cursor } = search;
  const query = {
    ...span(search, zone),
    outcome: outcome === 'all' ? undefined : outcome,
    code,
    nas_id: nas,
    username,
    cursor,
    limit,
  };
  return take(api.GET('/api/v1/radius/decisions', { params: { query }, signal }));
}

export const decisionsQuery = (search: DecisionsSearch, zone: string) =>
  queryOptions({
    queryKey: ['decisions', search, zone],
    queryFn: ({ signal }) => decisionsPage(search, zone, 50, signal),
    placeholderData: keepPreviousData,
    refetchInterval: search.cursor || search.until ? false : 10_000,
  });

export const summaryQuery = ({ nas, period, until }: DecisionsSearch, zone: string) =>
  queryOptions({
    queryKey: ['decisions', 'summary', nas, period, until, zone],
    queryFn: ({ signal }) => {
      const query = { ...span({ period, until }, zone), nas_id: nas };
      return take(api.GET('/api/v1/radius/decisions/summary', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: until ? false : 10_000,
  });

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ['decisions', 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/decisions/{id}', { params: { path: { id } }, signal })),
  });

export const replayDecision = (id: string) =>
  take(api.POST('/api/v1/radius/decisions/{id}/replay', { params: { path: { id } } }));
