import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Body } from '../../api/types';

export type QuotaFields = Body<'/api/v1/subscribers/{key}/quota', 'put'>;
const key = (id: string) => ({ params: { path: { key: id } } });
const of = (id: string) => ({ params: { path: { id } } });

export const subscriberQuotaQuery = (id: string) =>
  queryOptions({
    queryKey: ['quota', 'subscriber', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/subscribers/{key}/quota', { ...key(id), signal })),
    refetchInterval: 30_000,
  });

/** null: the profile has no cap. */
export const profileQuotaQuery = (id: string) =>
  queryOptions({
    queryKey: ['quota', 'profile', id],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/radius/bandwidth-profiles/{id}/quota', { ...of(id), signal }))) ?? null,
  });

export const setSubscriberQuota = (id: string, body: QuotaFields) =>
  take(api.PUT('/api/v1/subscribers/{key}/quota', { ...key(id), body }));
export const clearSubscriberQuota = (id: string) => take(api.DELETE('/api/v1/subscribers/{key}/quota', key(id)));
export const topUp = (id: string, body: Body<'/api/v1/subscribers/{key}/quota/top-ups', 'post'>) =>
  take(api.POST('/api/v1/subscribers/{key}/quota/top-ups', { ...key(id), body }));
export const setProfileQuota = (id: string, body: QuotaFields) =>
  take(api.PUT('/api/v1/radius/bandwidth-profiles/{id}/quota', { ...of(id), body }));
export const clearProfileQuota = (id: string) =>
  take(api.DELETE('/api/v1/radius/bandwidth-profiles/{id}/quota', of(id)));

export function useQuotaChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['quota'] });
}
