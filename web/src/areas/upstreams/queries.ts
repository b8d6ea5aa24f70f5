import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';

export type Upstream = Reply<'/api/v1/radius/upstreams/{id}', 'get'>;
export type NewUpstream = Body<'/api/v1/radius/upstreams', 'post'>;
export type UpstreamPatch = Body<'/api/v1/radius/upstreams/{id}', 'patch'>;
const at = (id: string) => ({ params: { path: { id } } });

export const upstreamsQuery = (query: { q?: string; cursor?: string }) =>
  queryOptions({
    queryKey: ['upstreams', query],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/radius/upstreams', { params: { query: { ...query, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const upstreamQuery = (id: string) =>
  queryOptions({
    queryKey: ['upstreams', 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/upstreams/{id}', { ...at(id), signal })),
  });

export const createUpstream = (body: NewUpstream) => take(api.POST('/api/v1/radius/upstreams', { body }));
export const patchUpstream = (of: Upstream, body: UpstreamPatch) =>
  take(api.PATCH('/api/v1/radius/upstreams/{id}', { ...at(of.id), body, headers: ifMatch(of.version) }));
export const deleteUpstream = (of: Upstream) =>
  take(api.DELETE('/api/v1/radius/upstreams/{id}', { ...at(of.id), headers: ifMatch(of.version) }));

export function useUpstreamsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['upstreams'] });
}
