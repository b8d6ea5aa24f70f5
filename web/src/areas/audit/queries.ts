import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { startOfDay } from '../../shared/zonedDay';
import type { AuditSearch } from './search';

export function auditPage({ from, to, ...rest }: AuditSearch, zone: string, limit: number, signal?: AbortSignal) {
  const query = {
    ...rest,
    limit,
    from: from && startOfDay(from, zone),
    to: to && startOfDay(to, zone, 1),
  };
  return take(api.GET('/api/v1/audit', { params: { query }, signal }));
}

export const auditQuery = (search: AuditSearch, zone: string) =>
  queryOptions({
    queryKey: ['audit', search, zone],
    queryFn: ({ signal }) => auditPage(search, zone, 50, signal),
    placeholderData: keepPreviousData,
  });

export const verifyChain = () => take(api.GET('/api/v1/audit/verify'));
