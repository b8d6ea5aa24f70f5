import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, Subscriber } from '../../api/types';
import { defaultSort, type SubscribersSearch } from './search';

export type NewSubscriber = Body<'/api/v1/subscribers', 'post'>;
export type SubscriberPatch = Body<'/api/v1/subscribers/{key}', 'patch'>;

export function subscribersPage(search: SubscribersSearch, limit: number, signal?: AbortSignal) {
  return take(
    api.GET('/api/v1/subscribers', {
      params: {
        query: {
          limit,
          sort: search.sort ?? defaultSort,
          count: limit <= 50,
          q: search.q,
          enabled: search.enabled,
          online: search.online,
          bandwidth_profile_id: search.profile,
          status: search.status,
          cursor: search.cursor,
        },
      },
      signal,
    }),
  );
}

export const subscribersQuery = (search: SubscribersSearch) =>
  queryOptions({
    queryKey: ['subscribers', search],
    queryFn: ({ signal }) => subscribersPage(search, 50, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

const at = (key: string) => ({ params: { path: { key } } });

export const subscriberQuery = (key: string) =>
  queryOptions({
    queryKey: ['subscriber', key],
    queryFn: ({ signal }) => take(api.GET('/api/v1/subscribers/{key}', { ...at(key), signal })),
    refetchInterval: 15_000,
  });

export const sessionNowQuery = (username: string) =>
  queryOptions({
    queryKey: ['subscriber-sessions-now', username],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/radius/sessions', { params: { query: { username, active: true } }, signal })),
    refetchInterval: 10_000,
  });

export const historyPage = (key: string, cursor: string | undefined, signal: AbortSignal) =>
  take(
    api.GET('/api/v1/subscribers/{key}/sessions', { params: { path: { key }, query: { limit: 10, cursor } }, signal }),
  );

/** By the name as it is sent: also what was asked before the subscriber existed. */
export const decisionsQuery = (username: string) =>
  queryOptions({
    queryKey: ['subscriber-decisions', username],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/radius/decisions', { params: { query: { username, limit: 10 } }, signal })),
    refetchInterval: 5_000,
  });

export type UsageStep = 'hour' | 'day';
const usageDays: Record<UsageStep, number> = { hour: 2, day: 30 };

export const usageQuery = (key: string, step: UsageStep) =>
  queryOptions({
    queryKey: ['subscriber-usage', key, step],
    queryFn: ({ signal }) => {
      const to = new Date();
      const from = new Date(to.getTime() - usageDays[step] * 86_400_000);
      const query = { step, from: from.toISOString(), to: to.toISOString() };
      return take(api.GET('/api/v1/subscribers/{key}/usage', { params: { path: { key }, query }, signal }));
    },
    refetchInterval: 60_000,
  });

export const createSubscriber = (body: NewSubscriber) => take(api.POST('/api/v1/subscribers', { body }));

export const patchSubscriber = (of: Subscriber, body: SubscriberPatch) =>
  take(api.PATCH('/api/v1/subscribers/{key}', { ...at(of.id), body, headers: ifMatch(of.version) }));

export const deleteSubscriber = (of: Subscriber) =>
  take(api.DELETE('/api/v1/subscribers/{key}', { ...at(of.id), headers: ifMatch(of.version) }));

export const enableSubscriber = (id: string) => take(api.POST('/api/v1/subscribers/{key}/enable', at(id)));
export const disableSubscriber = (id: string) => take(api.POST('/api/v1/subscribers/{key}/disable', at(id)));
export const revealPassword = (id: string) => take(api.POST('/api/v1/subscribers/{key}/reveal-password', at(id)));

/** After a write: lists and this subscriber's own pages are asked for again. */
export function useSubscriberChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['subscribers'] }),
      queries.invalidateQueries({ queryKey: ['subscriber'] }),
      queries.invalidateQueries({ queryKey: ['dashboard'] }),
    ]);
}
