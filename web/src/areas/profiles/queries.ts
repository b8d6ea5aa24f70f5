import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, Profile } from '../../api/types';

export type NewProfile = Body<'/api/v1/radius/bandwidth-profiles', 'post'>;
export type ProfilePatch = Body<'/api/v1/radius/bandwidth-profiles/{id}', 'patch'>;
type Wanted = { q?: string; cursor?: string };

const at = (id: string) => ({ params: { path: { id } } });

export const profilesPage = (query: Wanted, limit: number, signal?: AbortSignal) =>
  take(
    api.GET('/api/v1/radius/bandwidth-profiles', {
      params: { query: { ...query, limit, count: limit <= 50 } },
      signal,
    }),
  );

export const profilesQuery = (query: Wanted) =>
  queryOptions({
    queryKey: ['profiles', query],
    queryFn: ({ signal }) => profilesPage(query, 50, signal),
    placeholderData: keepPreviousData,
  });

export const profileQuery = (id: string) =>
  queryOptions({
    queryKey: ['profiles', 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/bandwidth-profiles/{id}', { ...at(id), signal })),
  });

export const previewQuery = (id: string) =>
  queryOptions({
    queryKey: ['profiles', 'preview', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/bandwidth-profiles/{id}/preview', { ...at(id), signal })),
  });

export const createProfile = (body: NewProfile) => take(api.POST('/api/v1/radius/bandwidth-profiles', { body }));
export const patchProfile = (of: Profile, body: ProfilePatch) =>
  take(api.PATCH('/api/v1/radius/bandwidth-profiles/{id}', { ...at(of.id), body, headers: ifMatch(of.version) }));
export const deleteProfile = (of: Profile) =>
  take(api.DELETE('/api/v1/radius/bandwidth-profiles/{id}', { ...at(of.id), headers: ifMatch(of.version) }));

export function useProfilesChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['profiles'] });
}
