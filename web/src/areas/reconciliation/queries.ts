import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';

export const reading = 'isp.oss.read';
export const steering = 'isp.oss.configure';

export type Finding = Reply<'/api/v1/reconciliation/findings', 'get'>['items'][number];
const at = (id: string) => ({ params: { path: { id } } });

export type FindingFilter = { state?: string; kind?: string; q?: string; subject?: string; cursor?: string };

/** A page of findings, with how many there are of each kind. */
export type Findings = Reply<'/api/v1/reconciliation/findings', 'get'> & { kinds?: Record<string, number> | null };

export const findingsQuery = ({ subject, ...filter }: FindingFilter) =>
  queryOptions({
    queryKey: ['reconciliation', 'findings', filter, subject],
    queryFn: ({ signal }): Promise<Findings> => {
      const query = { ...filter, subject_id: subject, limit: 50, count: true };
      return take(api.GET('/api/v1/reconciliation/findings', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const findingQuery = (id: string) =>
  queryOptions({
    queryKey: ['reconciliation', 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/reconciliation/findings/{id}', { ...at(id), signal })),
    refetchInterval: 2_000,
  });

export const comparisonsQuery = queryOptions({
  queryKey: ['reconciliation', 'runs'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/reconciliation/runs', { signal })),
  refetchInterval: 30_000,
});

export const rhythmQuery = queryOptions({
  queryKey: ['reconciliation', 'settings'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/reconciliation/settings', { signal })),
});

export const changeRhythm = (body: Record<string, unknown>) =>
  take(api.PATCH('/api/v1/reconciliation/settings', { body: body as never }));

export const compare = () => take(api.POST('/api/v1/reconciliation/runs', {}));
export const repair = (of: Finding) =>
  take(api.POST('/api/v1/reconciliation/findings/{id}/repair', { ...at(of.id), body: { token: of.token ?? '' } }));
export const ignore = (id: string, reason: string) =>
  take(api.POST('/api/v1/reconciliation/findings/{id}/ignore', { ...at(id), body: { reason } }));
export const heed = (id: string) => take(api.DELETE('/api/v1/reconciliation/findings/{id}/ignore', at(id)));

export function useFindingsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['reconciliation'] });
}
