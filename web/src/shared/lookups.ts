import { useQuery } from '@tanstack/react-query';
import { api, take } from '../api/client';
import { useCan } from './me';

/** Every bandwidth profile by name, for choosing one; an ISP has tens of them. */
export function useProfiles() {
  const { data } = useQuery({
    queryKey: ['profiles', 'all'],
    enabled: useCan('isp.radius.read'),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/radius/bandwidth-profiles', { params: { query: { limit: 500 } }, signal })),
    staleTime: 30_000,
  });
  return data?.items ?? [];
}

/** Every NAS by name, for choosing one. */
export function useNasList() {
  const { data } = useQuery({
    queryKey: ['nas', 'all'],
    enabled: useCan('isp.radius.read'),
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/nas', { params: { query: { limit: 500 } }, signal })),
    staleTime: 30_000,
  });
  return data?.items ?? [];
}
