import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';
import type { OrderValues } from './fields';
import { orderBody } from './order';
import type { RunsSearch } from './search';

/** Seeing runs, steering them, ordering lines. */
export const reading = 'isp.oss.read';
export const steering = 'isp.oss.configure';

/** `subject_name`: the username that the subject has now, where there is such a subscriber. */
type Named = { subject_name?: string | null };
export type Run = Reply<'/api/v1/provisioning/runs/{id}', 'get'> & Named;
export type Step = Run['steps'][number];
export type RunHead = Reply<'/api/v1/provisioning/runs', 'get'>['items'][number] & Named;
export type Order = Body<'/api/v1/provisioning/subscribers', 'post'>;
export type Preview = Reply<'/api/v1/provisioning/subscribers/preview', 'post'>;

const hours = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 };

export function runsPage(search: RunsSearch, limit: number, signal?: AbortSignal) {
  const { subject, parent, since, ...query } = search;
  const from = since && new Date(Date.now() - hours[since] * 3_600_000).toISOString();
  return take(
    api.GET('/api/v1/provisioning/runs', {
      params: { query: { limit, ...query, subject_id: subject, parent_id: parent, since: from } },
      signal,
    }),
  );
}

export const runsQuery = (search: RunsSearch) =>
  queryOptions({
    queryKey: ['runs', 'list', search],
    queryFn: ({ signal }) => runsPage(search, 50, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/provisioning/runs/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 10_000,
  });

const at = (id: string) => ({ params: { path: { id } } });
export const cancelRun = (id: string) => take(api.POST('/api/v1/provisioning/runs/{id}/cancel', at(id)));
export const retryRun = (id: string, step: string | null) =>
  take(api.POST('/api/v1/provisioning/runs/{id}/retry', { ...at(id), body: { from_step: step } }));
export const giveUpRun = (id: string, reason: string) =>
  take(api.POST('/api/v1/provisioning/runs/{id}/give-up', { ...at(id), body: { reason } }));

export function useRunsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['runs'] });
}

/** The first session that began after the line was ordered. */
export const firstSessionQuery = (subscriber: string, since: string) =>
  queryOptions({
    queryKey: ['runs', 'first-session', subscriber, since],
    queryFn: async ({ signal }) => {
      const page = await take(
        api.GET('/api/v1/subscribers/{key}/sessions', {
          params: { path: { key: subscriber }, query: { limit: 50 } },
          signal,
        }),
      );
      return page.items.filter((one) => one.started_at && one.started_at >= since).at(-1) ?? null;
    },
    refetchInterval: (query) => (query.state.data ? false : 2_000),
  });

export const previewOrder = (values: OrderValues) =>
  take(api.POST('/api/v1/provisioning/subscribers/preview', { body: orderBody(values) }));
export const placeOrder = (values: OrderValues, key: string) =>
  take(api.POST('/api/v1/provisioning/subscribers', { body: orderBody(values), headers: { 'Idempotency-Key': key } }));

const definitionsQuery = queryOptions({
  queryKey: ['runs', 'definitions'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/provisioning/definitions', { signal })),
  staleTime: 300_000,
});

/** The kinds of run that the server knows. */
export function useDefinitions(): string[] {
  const { data } = useQuery(definitionsQuery);
  return [...new Set(data?.items.map((one) => one.name))];
}

/** How often a step of the run is tried at most; undefined when this version of it is not known. */
export function useMostAttempts(run: Pick<Run, 'definition' | 'version'>) {
  const { data } = useQuery(definitionsQuery);
  const plan = data?.items.find((one) => one.name === run.definition && one.version === run.version);
  return (step: string) => {
    const found = plan?.steps.find((one) => one.name === step);
    return found && found.retries + 1;
  };
}

export const statisticsQuery = queryOptions({
  queryKey: ['runs', 'statistics'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/provisioning/runs/statistics', { signal })),
  refetchInterval: 15_000,
});
