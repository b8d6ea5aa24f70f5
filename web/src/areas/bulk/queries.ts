import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';
import { useEventStream } from '../../shared/live/useEventStream';

export type Job = Reply<'/api/v1/provisioning/bulk/{id}', 'get'>;
export type Order = Body<'/api/v1/provisioning/bulk/preview', 'post'>;
export type Item = Reply<'/api/v1/provisioning/bulk/{id}/items', 'get'>['items'][number];

const at = (id: string) => ({ params: { path: { id } } });

export const jobsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['bulk', 'jobs', cursor],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/provisioning/bulk', { params: { query: { cursor, limit: 25 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['bulk', 'job', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/provisioning/bulk/{id}', { ...at(id), signal })),
    refetchInterval: 5_000,
  });

/** Those of a job in one state, page by page. */
export const itemsPage = (id: string, state: string | undefined, cursor: string | undefined, signal: AbortSignal) =>
  take(
    api.GET('/api/v1/provisioning/bulk/{id}/items', {
      params: { path: { id }, query: { state, cursor, limit: 20 } },
      signal,
    }),
  );

export const previewBulk = (body: Order) => take(api.POST('/api/v1/provisioning/bulk/preview', { body }));
export const startBulk = (body: Body<'/api/v1/provisioning/bulk', 'post'>) =>
  take(api.POST('/api/v1/provisioning/bulk', { body }));
export const undoBulk = (id: string) => take(api.POST('/api/v1/provisioning/bulk/{id}/undo', at(id)));

const verbs = {
  pause: '/api/v1/provisioning/bulk/{id}/pause',
  continue: '/api/v1/provisioning/bulk/{id}/continue',
  cancel: '/api/v1/provisioning/bulk/{id}/cancel',
} as const;
export type Verb = keyof typeof verbs;
export const steerBulk = (id: string, verb: Verb) => take(api.POST(verbs[verb], { ...at(id), body: {} }));

/** Follows one job while it is under way. */
export function useJobStream(id: string, enabled: boolean) {
  const queries = useQueryClient();
  return useEventStream(enabled ? `/api/v1/provisioning/bulk/${id}/stream` : null, {
    events: { job: (data) => queries.setQueryData(jobQuery(id).queryKey, data as Job) },
    reconnected: () => void queries.invalidateQueries({ queryKey: ['bulk'] }),
  });
}
