import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';

export const dashboardQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/dashboard', { signal })),
  refetchInterval: 10_000,
});
