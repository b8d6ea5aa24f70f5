import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';
import { lookup } from '../../messages';

/** Seeing jobs, and steering them. */
export const steering = 'isp.oss.configure';

export type Schedule = Reply<'/api/v1/jobs/scheduler/scheduled-jobs/{id}', 'get'> & { next_times?: string[] };
export type ScheduleFields = Body<'/api/v1/jobs/scheduler/scheduled-jobs', 'post'>;
export type Chain = Reply<'/api/v1/jobs/scheduler/chains/{id}', 'get'>;
export type ChainFields = Body<'/api/v1/jobs/scheduler/chains', 'post'>;
export type Job = Reply<'/api/v1/jobs', 'get'>['items'][number];

export const schedulesQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['jobs', 'schedules', cursor],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/jobs/scheduler/scheduled-jobs', { params: { query: { cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });

const at = (id: string) => ({ params: { path: { id } } });

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: ['jobs', 'schedule', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/jobs/scheduler/scheduled-jobs/{id}', { ...at(id), signal })),
    refetchInterval: 5_000,
  });

/** What a schedule or a chain has begun, newest first. */
export const historyQuery = (of: { schedule_id?: string; chain_run_id?: string }) =>
  queryOptions({
    queryKey: ['jobs', 'history', of],
    queryFn: ({ signal }) => take(api.GET('/api/v1/jobs', { params: { query: { ...of, limit: 25 } }, signal })),
    refetchInterval: 3_000,
  });

export const chainsQuery = queryOptions({
  queryKey: ['jobs', 'chains'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/jobs/scheduler/chains', { signal })),
  refetchInterval: 5_000,
});

export const chainQuery = (id: string) =>
  queryOptions({
    queryKey: ['jobs', 'chain', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/jobs/scheduler/chains/{id}', { ...at(id), signal })),
    refetchInterval: 2_000,
  });

/** What can be scheduled or chained, with an example of its parameters. */
export function useKinds() {
  const { data } = useQuery({
    queryKey: ['jobs', 'kinds'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/jobs/kinds', { signal })),
    staleTime: 300_000,
  });
  return data?.items ?? [];
}

/** What a kind of job is called; its id where there is no word for it. */
export const kindName = (kind: string | null | undefined) => lookup(`jobs.kind.${kind}`) ?? kind ?? '';

export const createSchedule = (body: ScheduleFields) =>
  take(api.POST('/api/v1/jobs/scheduler/scheduled-jobs', { body }));
export const changeSchedule = (id: string, body: ScheduleFields) =>
  take(api.PATCH('/api/v1/jobs/scheduler/scheduled-jobs/{id}', { ...at(id), body }));
export const deleteSchedule = (id: string) => take(api.DELETE('/api/v1/jobs/scheduler/scheduled-jobs/{id}', at(id)));
export const runSchedule = (id: string) => take(api.POST('/api/v1/jobs/scheduler/scheduled-jobs/{id}/run', at(id)));
export const createChain = (body: ChainFields) => take(api.POST('/api/v1/jobs/scheduler/chains', { body }));
export const executeChain = (id: string) => take(api.POST('/api/v1/jobs/scheduler/chains/{id}/execute', at(id)));
export const deleteChain = (id: string) => take(api.DELETE('/api/v1/jobs/scheduler/chains/{id}', at(id)));

export function useJobsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['jobs'] });
}
