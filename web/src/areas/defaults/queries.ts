import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';

export const reading = 'isp.radius.read';
export const writing = 'isp.radius.write';

export type Defaults = Reply<'/api/v1/network/profile-defaults', 'get'>['items'][number];
export type Resolved = Reply<'/api/v1/network/profile-defaults/resolve', 'get'>;
type Fields = Body<'/api/v1/network/profile-defaults', 'post'>;
type Raw = Record<string, unknown>;

const at = (id: string) => ({ params: { path: { id } } });

export const defaultsQuery = queryOptions({
  queryKey: ['profile-defaults', 'list'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/network/profile-defaults', { signal })),
});

/** What a new line of that plan at that site would get, as the server decides it. */
export const resolvedQuery = (plan?: string, site?: string) =>
  queryOptions({
    queryKey: ['profile-defaults', 'resolved', plan, site],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/network/profile-defaults/resolve', {
          params: { query: { bandwidth_profile_id: plan, site_id: site } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const createDefaults = (body: Raw) =>
  take(api.POST('/api/v1/network/profile-defaults', { body: body as Fields }));
export const patchDefaults = (of: Defaults, body: Raw) =>
  take(
    api.PATCH('/api/v1/network/profile-defaults/{id}', {
      ...at(of.id),
      body: body as never,
      headers: ifMatch(of.version),
    }),
  );
export const removeDefaults = (of: Defaults) =>
  take(api.DELETE('/api/v1/network/profile-defaults/{id}', { ...at(of.id), headers: ifMatch(of.version) }));

export function useDefaultsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['profile-defaults'] });
}
