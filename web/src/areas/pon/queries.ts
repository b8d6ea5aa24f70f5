import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';
import type { spans } from './search';

export const reading = 'isp.network.pon.read';
export const writing = 'isp.network.pon.write';

export type Onu = Reply<'/api/v1/pon/onus', 'get'>['items'][number];
export type Olt = Reply<'/api/v1/pon/olts', 'get'>['items'][number];
export type Port = Reply<'/api/v1/pon/olts/{id}', 'get'>['ports'][number];
export type Alarm = Reply<'/api/v1/pon/alarms', 'get'>['items'][number];
export type Discovered = Reply<'/api/v1/pon/discovered', 'get'>['items'][number];
export type Span = (typeof spans)[number];
export type Deed = 'enable' | 'disable' | 'reboot' | 'delete';

const often = 5_000;
const onuAt = (serial: string) => ({ params: { path: { serial } } });

export const statisticsQuery = queryOptions({
  queryKey: ['pon', 'statistics'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/pon/statistics', { signal })),
  refetchInterval: often,
});

export const oltsQuery = queryOptions({
  queryKey: ['pon', 'olts'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/pon/olts', { signal })),
  refetchInterval: often,
});

export const oltQuery = (id: string) =>
  queryOptions({
    queryKey: ['pon', 'olts', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/pon/olts/{id}', { params: { path: { id } }, signal })),
    refetchInterval: often,
  });

export type OnuFilter = {
  q?: string;
  admin?: string;
  oper?: string;
  olt_id?: string;
  port?: number;
  sort?: string;
  cursor?: string;
};

export const onusPage = (query: OnuFilter, limit: number, signal?: AbortSignal) =>
  take(api.GET('/api/v1/pon/onus', { params: { query: { ...query, limit } }, signal }));

export const onusQuery = (query: OnuFilter) =>
  queryOptions({
    queryKey: ['pon', 'onus', query],
    queryFn: ({ signal }) => onusPage(query, 50, signal),
    placeholderData: keepPreviousData,
    refetchInterval: often,
  });

export const onuQuery = (serial: string) =>
  queryOptions({
    queryKey: ['pon', 'onus', 'one', serial],
    queryFn: ({ signal }) => take(api.GET('/api/v1/pon/onus/{serial}', { ...onuAt(serial), signal })),
    refetchInterval: often,
  });

const days = { day: 1, week: 7, month: 30 };

export const spanMs = (span: Span) => days[span] * 86_400_000;

export const opticsQuery = (serial: string, span: Span) =>
  queryOptions({
    queryKey: ['pon', 'optics', serial, span],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/pon/onus/{serial}/optics', {
          params: {
            path: { serial },
            query: { from: new Date(Date.now() - spanMs(span)).toISOString() },
          },
          signal,
        }),
      ),
    refetchInterval: 60_000,
  });

export const eventsQuery = (serial: string) =>
  queryOptions({
    queryKey: ['pon', 'events', serial],
    queryFn: ({ signal }) => take(api.GET('/api/v1/pon/events', { params: { query: { serial, limit: 20 } }, signal })),
    refetchInterval: often,
  });

export const discoveredQuery = queryOptions({
  queryKey: ['pon', 'discovered'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/pon/discovered', { signal })),
  refetchInterval: often,
  retry: false,
});

export const alarmsQuery = (query: {
  all?: boolean;
  severity?: string;
  serial?: string;
  olt_id?: string;
  cursor?: string;
}) =>
  queryOptions({
    queryKey: ['pon', 'alarms', query],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/pon/alarms', { params: { query: { ...query, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: often,
  });

export const settingsQuery = queryOptions({
  queryKey: ['pon', 'settings'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/pon/settings', { signal })),
});

export const setAutomatic = (auto_provision: boolean) =>
  take(api.PATCH('/api/v1/pon/settings', { body: { auto_provision } }));

export function operate(serial: string, deed: Deed) {
  switch (deed) {
    case 'enable':
      return take(api.POST('/api/v1/pon/onus/{serial}/enable', onuAt(serial)));
    case 'disable':
      return take(api.POST('/api/v1/pon/onus/{serial}/disable', onuAt(serial)));
    case 'reboot':
      return take(api.POST('/api/v1/pon/onus/{serial}/reboot', onuAt(serial)));
    case 'delete':
      return take(api.DELETE('/api/v1/pon/onus/{serial}', onuAt(serial)));
  }
}

const settlings = {
  acknowledge: '/api/v1/pon/alarms/{id}/acknowledge',
  clear: '/api/v1/pon/alarms/{id}/clear',
} as const;
export type Settling = keyof typeof settlings;
export const settle = (id: string, how: Settling, note: string) =>
  take(api.POST(settlings[how], { params: { path: { id } }, body: { note: note.trim() || null } }));

/** Subscribers in service without an ONU. */
export const withoutOnuQuery = (q: string) =>
  queryOptions({
    queryKey: ['subscribers', 'without-onu', q],
    queryFn: ({ signal }) => {
      const query = { q: q || undefined, has_onu: false, status: 'active', limit: 6, count: true };
      return take(api.GET('/api/v1/subscribers', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

export const provision = (serial: string, subscriber_id: string) =>
  take(api.POST('/api/v1/pon/onus/{serial}/provision', { ...onuAt(serial), body: { subscriber_id } }));

export function usePonChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['pon'] });
}
