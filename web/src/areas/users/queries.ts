import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, User } from '../../api/types';
import { useCan } from '../../shared/me';

type Wanted = { q?: string; cursor?: string };
const at = (id: string) => ({ params: { path: { id } } });

export const usersPage = (query: Wanted, limit: number, signal?: AbortSignal) =>
  take(api.GET('/api/v1/users', { params: { query: { ...query, limit, count: limit <= 50 } }, signal }));

export const usersQuery = (query: Wanted) =>
  queryOptions({
    queryKey: ['users', query],
    queryFn: ({ signal }) => usersPage(query, 50, signal),
    placeholderData: keepPreviousData,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/users/{id}', { ...at(id), signal })),
    refetchOnWindowFocus: false,
  });

export const createUser = (body: Body<'/api/v1/users', 'post'>) => take(api.POST('/api/v1/users', { body }));
export const patchUser = (of: User, body: Body<'/api/v1/users/{id}', 'patch'>) =>
  take(api.PATCH('/api/v1/users/{id}', { ...at(of.id), body, headers: ifMatch(of.version) }));
export const deleteUser = (of: User) =>
  take(api.DELETE('/api/v1/users/{id}', { ...at(of.id), headers: ifMatch(of.version) }));
export const resetPassword = (id: string) => take(api.POST('/api/v1/users/{id}/reset-password', at(id)));
export const unlockUser = (id: string) => take(api.POST('/api/v1/users/{id}/unlock', at(id)));
export const resetTotp = (id: string) => take(api.POST('/api/v1/users/{id}/totp/reset', at(id)));

/** The roles one may hand out, for a select. */
export function useRoleChoices() {
  const { data } = useQuery({
    queryKey: ['roles', 'all'],
    enabled: useCan('roles.read'),
    queryFn: ({ signal }) => take(api.GET('/api/v1/roles', { params: { query: { limit: 500 } }, signal })),
  });
  return (data?.items ?? []).map((role) => ({ value: role.id, label: role.name }));
}

export function useUsersChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['users'] }),
      queries.invalidateQueries({ queryKey: ['roles'] }),
    ]);
}
