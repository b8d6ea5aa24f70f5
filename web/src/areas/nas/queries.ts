import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, Nas } from '../../api/types';
import type { NasListSearch } from './search';

export type NewNas = Body<'/api/v1/radius/nas', 'post'>;
export type NasPatch = Body<'/api/v1/radius/nas/{id}', 'patch'>;

const at = (id: string) => ({ params: { path: { id } } });

export const nasPage = ({ create: _, ...query }: NasListSearch, limit: number, signal?: AbortSignal) =>
  take(api.GET('/api/v1/radius/nas', { params: { query: { ...query, limit, count: limit <= 50 } }, signal }));

export const nasListQuery = (search: NasListSearch) =>
  queryOptions({
    queryKey: ['nas', search],
    queryFn: ({ signal }) => nasPage(search, 50, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export const nasQuery = (id: string) =>
  queryOptions({
    queryKey: ['nas-one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/nas/{id}', { ...at(id), signal })),
    refetchInterval: 10_000,
  });

export const createNas = (body: NewNas) => take(api.POST('/api/v1/radius/nas', { body }));
export const patchNas = (of: Nas, body: NasPatch) =>
  take(api.PATCH('/api/v1/radius/nas/{id}', { ...at(of.id), body, headers: ifMatch(of.version) }));
export const deleteNas = (of: Nas) =>
  take(api.DELETE('/api/v1/radius/nas/{id}', { ...at(of.id), headers: ifMatch(of.version) }));
export const revealSecret = (id: string) => take(api.POST('/api/v1/radius/nas/{id}/reveal-secret', at(id)));

export function useNasChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all(['nas', 'nas-one', 'dashboard'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

export const nasGroupsQuery = queryOptions({
  queryKey: ['nas', 'groups'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/radius/nas/groups', { signal })),
});
