import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, Role } from '../../api/types';

const at = (id: string) => ({ params: { path: { id } } });

export const rolesQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['roles', cursor],
    queryFn: ({ signal }) => take(api.GET('/api/v1/roles', { params: { query: { limit: 50, cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

export const roleQuery = (id: string) =>
  queryOptions({
    queryKey: ['roles', 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/roles/{id}', { ...at(id), signal })),
    refetchOnWindowFocus: false,
  });

export const createRole = (body: Body<'/api/v1/roles', 'post'>) => take(api.POST('/api/v1/roles', { body }));
export const patchRole = (of: Role, body: Body<'/api/v1/roles/{id}', 'patch'>) =>
  take(api.PATCH('/api/v1/roles/{id}', { ...at(of.id), body, headers: ifMatch(of.version) }));
export const deleteRole = (of: Role) =>
  take(api.DELETE('/api/v1/roles/{id}', { ...at(of.id), headers: ifMatch(of.version) }));

/** A role decides what the signed-in user may do too, so "me" is asked for again. */
export function useRolesChanged() {
  const queries = useQueryClient();
  return () => Promise.all(['roles', 'users', 'me'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
}
