import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';
import type { Kind } from './search';

export type Run = Reply<'/api/v1/radius/coa/runs/{id}', 'get'>;
export type Task = Reply<'/api/v1/radius/coa/tasks', 'get'>['items'][number];
export type RunOrder = Body<'/api/v1/radius/coa/runs/preview', 'post'>;
export type Order = Body<'/api/v1/radius/sessions/{id}/coa/rate', 'post'>;

export const runsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['coa', 'runs', cursor],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/radius/coa/runs', { params: { query: { cursor, limit: 25 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['coa', 'run', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/coa/runs/{id}', { params: { path: { id } }, signal })),
    // Its verification goes on after the last answer.
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_000 : 5_000),
  });

export const tasksQuery = (id: string) =>
  queryOptions({
    queryKey: ['coa', 'tasks', id],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/radius/coa/tasks', { params: { query: { run_id: id, limit: 50 } }, signal })),
    refetchInterval: 3_000,
  });

/** The latest of what was asked about one session. */
export const sessionTasksQuery = (id: string) =>
  queryOptions({
    queryKey: ['coa', 'tasks', 'session', id],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/radius/coa/tasks', { params: { query: { session_id: id, limit: 10 } }, signal })),
    refetchInterval: 3_000,
  });

export const previewRun = (body: RunOrder) => take(api.POST('/api/v1/radius/coa/runs/preview', { body }));
export const startRun = (body: RunOrder & { expected: number }) => take(api.POST('/api/v1/radius/coa/runs', { body }));
export const cancelRun = (id: string) =>
  take(api.POST('/api/v1/radius/coa/runs/{id}/cancel', { params: { path: { id } } }));

const paths = {
  rate: '/api/v1/radius/sessions/{id}/coa/rate',
  vlan: '/api/v1/radius/sessions/{id}/coa/vlan',
  ipv6_prefix: '/api/v1/radius/sessions/{id}/coa/ipv6-prefix',
  suspend: '/api/v1/radius/sessions/{id}/coa/suspend',
  resume: '/api/v1/radius/sessions/{id}/coa/resume',
} as const;

/** Changes one session at its NAS, now. */
export const changeSession = (id: string, kind: Exclude<Kind, 'disconnect'>, body: Order) =>
  take(api.POST(paths[kind], { params: { path: { id } }, body }));
