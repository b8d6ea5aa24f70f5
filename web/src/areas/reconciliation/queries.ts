import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';

export const reading = 'isp.oss.read';
export const steering = 'isp.oss.configure';

export type Finding = Reply<'/api/v1/reconciliation/findings', 'get'>['items'][number];
const at = (id: string) => ({ params: { path: { id } } });

export type FindingFilter = { state?: string; kind?: string; q?: string; subject?: string };
type FindingPage = FindingFilter & { sort: string; cursor?: string };

/** A page of findings, with how many there are of each kind. */
export type Findings = Reply<'/api/v1/reconciliation/findings', 'get'> & { kinds?: Record<string, number> | null };

export const findingsQuery = ({ subject, ...filter }: FindingPage) =>
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
export type Repairs = Reply<'/api/v1/reconciliation/repairs/{id}', 'get'>;

/** As many as are repaired with one asking, in goes that the page sends one after the other. */
export const most = 10_000;
const perPage = 500;

/** The findings that a filter means, with how many it means beyond those that are read. */
export async function collect(filter: FindingFilter, signal?: AbortSignal) {
  const found: Finding[] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const { subject, ...rest } = filter;
    const query = { ...rest, subject_id: subject, limit: perPage, cursor, count: total === 0 };
    const read = await take(api.GET('/api/v1/reconciliation/findings', { params: { query }, signal }));
    total = read.total ?? total;
    found.push(...read.items);
    cursor = read.next_cursor ?? undefined;
  } while (cursor && found.length < most);
  return { found, beyond: cursor ? Math.max(total - found.length, 0) : 0 };
}

export const repairMany = (of: Pick<Finding, 'id' | 'token'>[], key: string) =>
  take(
    api.POST('/api/v1/reconciliation/repairs', {
      body: { findings: of.map((one) => ({ id: one.id, token: one.token ?? '' })) },
      headers: { 'Idempotency-Key': key },
    }),
  );

export type Begun = Awaited<ReturnType<typeof repairMany>>;

/** `every`: milliseconds between two looks while it goes on. */
export const repairsQuery = (id: string, every = 1_000) =>
  queryOptions({
    queryKey: ['reconciliation', 'repairs', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/reconciliation/repairs/{id}', { ...at(id), signal })),
    refetchInterval: (query) => (query.state.data?.over ? false : every),
  });

export const ignore = (id: string, reason: string) =>
  take(api.POST('/api/v1/reconciliation/findings/{id}/ignore', { ...at(id), body: { reason } }));
export const heed = (id: string) => take(api.DELETE('/api/v1/reconciliation/findings/{id}/ignore', at(id)));

export function useFindingsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['reconciliation'] });
}
