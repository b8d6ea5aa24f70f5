import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';
import { lookup, t } from '../../messages';

export type Suspension = Reply<'/api/v1/subscribers/{key}/suspensions', 'get'>;
export type Reason = Suspension['reasons'][number];
export type Shield = Suspension['shields'][number];

export const reasons = ['administrative', 'non_payment', 'prepaid', 'quota', 'fraud', 'abuse', 'vacation'] as const;
export const shields = [
  'grace',
  'payment_arrangement',
  'payment_proof',
  'service_extension',
  'outage',
  'dedicated_service',
  'quarantine',
] as const;

const at = (key: string) => ({ params: { path: { key } } });

export const suspensionQuery = (id: string) =>
  queryOptions({
    queryKey: ['subscriber', 'suspensions', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/subscribers/{key}/suspensions', { ...at(id), signal })),
    // What was decided is carried out by a run: its end is waited for.
    refetchInterval: (query) => (query.state.data?.access === query.state.data?.carried_out ? 15_000 : 2_000),
  });

export const addSuspension = (id: string, body: Body<'/api/v1/subscribers/{key}/suspensions', 'post'>) =>
  take(api.POST('/api/v1/subscribers/{key}/suspensions', { ...at(id), body }));

export const endSuspension = (key: string, id: string, note: string | null) =>
  take(api.POST('/api/v1/subscribers/{key}/suspensions/{id}/end', { params: { path: { key, id } }, body: { note } }));

export const addShield = (id: string, body: Body<'/api/v1/subscribers/{key}/shields', 'post'>) =>
  take(api.POST('/api/v1/subscribers/{key}/shields', { ...at(id), body }));

export const endShield = (key: string, id: string, note: string | null) =>
  take(api.POST('/api/v1/subscribers/{key}/shields/{id}/end', { params: { path: { key, id } }, body: { note } }));

export function useSuspensionChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      ['subscribers', 'subscriber', 'dashboard'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    );
}

export const namesOf = (of: Pick<Reason, 'reason'>[]) =>
  of.map((one) => lookup(`suspension.reason.${one.reason}`) ?? one.reason).join(', ');

/** What ending some reasons came to, by what was ended and what is still in force. */
export function resumed(
  username: string,
  ended: Pick<Reason, 'reason'>[],
  after: Pick<Reason, 'reason' | 'state'>[],
): { title: string; message: string; color?: string } {
  const left = after.filter((one) => one.state === 'in_force');
  const message = t('suspension.ended', { reasons: namesOf(ended) });
  return left.length === 0
    ? { title: t('subscriber.resumeDone', { username }), message }
    : {
        title: t('suspension.stillSuspended', { username }),
        message: `${message} ${t('suspension.left', { reasons: namesOf(left) })}`,
        color: 'yellow',
      };
}
