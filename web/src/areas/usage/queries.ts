import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';

export type UsageSeries = Reply<'/api/v1/radius/analytics/usage', 'get'>;
export type TopSubscriber = Reply<'/api/v1/radius/analytics/top-subscribers', 'get'>['items'][number];
export type NasUsage = Reply<'/api/v1/radius/analytics/nas', 'get'>['items'][number];
type Days = { from: string; to: string };

const refetchInterval = 60_000;

export const seriesQuery = (days: Days, step: string, nas: string | undefined) =>
  queryOptions({
    queryKey: ['usage', 'series', days.from, days.to, step, nas],
    queryFn: ({ signal }) => {
      const query = { from: days.from, to: days.to, step, nas_id: nas };
      return take(api.GET('/api/v1/radius/analytics/usage', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval,
  });

export const topPage = ({ from, to }: Days, direction: string, limit: number, signal?: AbortSignal) =>
  take(
    api.GET('/api/v1/radius/analytics/top-subscribers', { params: { query: { from, to, direction, limit } }, signal }),
  );

export const topQuery = (days: Days, direction: string) =>
  queryOptions({
    queryKey: ['usage', 'top', days.from, days.to, direction],
    queryFn: ({ signal }) => topPage(days, direction, 15, signal),
    placeholderData: keepPreviousData,
    refetchInterval,
  });

export const nasUsageQuery = ({ from, to }: Days) =>
  queryOptions({
    queryKey: ['usage', 'nas', from, to],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/analytics/nas', { params: { query: { from, to } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval,
  });
