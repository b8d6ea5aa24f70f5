import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, take } from '../api/client';
import type { Me } from '../api/types';

/** Who is signed in; fails with 401 when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: (): Promise<Me> => take(api.GET('/api/v1/auth/me')),
  staleTime: 60_000,
  retry: false,
});

export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) {
    throw new Error('useMe is for pages behind the sign-in');
  }
  return data;
}

/** True when the signed-in user holds this permission. The server checks again; this only hides what would be refused. */
export const useCan = (permission: string) => useMe().permissions.includes(permission);
