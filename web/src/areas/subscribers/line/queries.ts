import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../../api/client';
import type { Body, NetworkProfile } from '../../../api/types';

const at = (key: string) => ({ params: { path: { key } } });

/** Without a profile an empty one that is not stored. */
export const profileQuery = (id: string) =>
  queryOptions({
    queryKey: ['network-profile', id],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/network/subscribers/{key}/profile', {
          params: { path: { key: id }, query: { or_empty: true } },
          signal,
        }),
      ),
    refetchInterval: 15_000,
  });

export const replyQuery = (id: string, vendor: string) =>
  queryOptions({
    queryKey: ['network-profile', id, 'reply', vendor],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/network/subscribers/{key}/profile/reply', {
          params: { path: { key: id }, query: { vendor } },
          signal,
        }),
      ),
  });

export const auditPage = (key: string, cursor: string | undefined, signal: AbortSignal) =>
  take(
    api.GET('/api/v1/network/subscribers/{key}/profile/audit', {
      params: { path: { key }, query: { limit: 10, cursor } },
      signal,
    }),
  );

export type ProfileFields = Body<'/api/v1/network/subscribers/{key}/profile', 'put'>;
export type ProfilePatch = Body<'/api/v1/network/subscribers/{key}/profile', 'patch'>;

export const makeProfile = (of: NetworkProfile, body: ProfileFields) =>
  take(
    api.PUT('/api/v1/network/subscribers/{key}/profile', {
      ...at(of.subscriber_id),
      body,
      headers: ifMatch(of.version),
    }),
  );

export const patchProfile = (of: NetworkProfile, body: ProfilePatch) =>
  take(
    api.PATCH('/api/v1/network/subscribers/{key}/profile', {
      ...at(of.subscriber_id),
      body,
      headers: ifMatch(of.version),
    }),
  );

export const removeProfile = (of: NetworkProfile) =>
  take(
    api.DELETE('/api/v1/network/subscribers/{key}/profile', { ...at(of.subscriber_id), headers: ifMatch(of.version) }),
  );

export type Move = 'allocate' | 'activate' | 'suspend' | 'reactivate' | 'resume' | 'revoke';

const moves = {
  ipv4: {
    allocate: '/api/v1/network/subscribers/{key}/ipv4/allocate',
    activate: '/api/v1/network/subscribers/{key}/ipv4/activate',
    suspend: '/api/v1/network/subscribers/{key}/ipv4/suspend',
    reactivate: '/api/v1/network/subscribers/{key}/ipv4/reactivate',
    revoke: '/api/v1/network/subscribers/{key}/ipv4/revoke',
  },
  ipv6: {
    allocate: '/api/v1/network/subscribers/{key}/ipv6/allocate',
    activate: '/api/v1/network/subscribers/{key}/ipv6/activate',
    suspend: '/api/v1/network/subscribers/{key}/ipv6/suspend',
    resume: '/api/v1/network/subscribers/{key}/ipv6/resume',
    revoke: '/api/v1/network/subscribers/{key}/ipv6/revoke',
  },
} as const;

export type Family = keyof typeof moves;

export function moveAddress(id: string, family: Family, move: Move) {
  const paths: Partial<Record<Move, string>> = moves[family];
  // All of them answer alike.
  return take(api.POST(paths[move] as (typeof moves)['ipv4']['allocate'], at(id)));
}

/** After a write: the profile with all that is read from it, and the subscriber, which shows the same line. */
export function useProfileChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      ['network-profile', 'subscriber', 'subscribers'].map((name) => queries.invalidateQueries({ queryKey: [name] })),
    );
}
