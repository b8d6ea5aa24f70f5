import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';
import type { Dot } from '../../shared/map/Drawing';
import { useCan } from '../../shared/me';

/** The document calls every property of it optional; they are all there. */
export type Pool = Required<Reply<'/api/v1/ipam/pools', 'get'>['items'][number]>;
export type Reservation = Required<Reply<'/api/v1/ipam/reservations', 'get'>['items'][number]>;
export type VlanPool = Reply<'/api/v1/ipam/vlan-pools', 'get'>['items'][number];
export type Site = Reply<'/api/v1/ipam/sites', 'get'>['items'][number];
export type Onu = Reply<'/api/v1/pon/discovered', 'get'>['items'][number];

export function usePools(): Pool[] {
  const { data } = useQuery({
    queryKey: ['ipam', 'pools', 'all'],
    enabled: useCan('isp.ipam.read'),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/pools', { params: { query: { limit: 500 } }, signal })),
  });
  return (data?.items ?? []) as Pool[];
}

const nobody = '00000000-0000-0000-0000-000000000000';

/** What is kept for this subscriber, or for nobody that is known by an id, and not used yet: the first of those that are sought. */
export function useReservations(kind: Reservation['kind'], q: string, subscriber = nobody) {
  const { data, isLoading } = useQuery({
    queryKey: ['ipam', 'reservations', kind, subscriber, q],
    enabled: useCan('isp.ipam.read'),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/ipam/reservations', {
          params: { query: { kind, q, for_owner: subscriber, limit: 50 } },
          signal,
        }),
      ),
  });
  return { items: (data?.items ?? []) as Reservation[], isLoading };
}

/** Undefined also when it was used or has ended meanwhile. */
export function useReservation(id: string): Reservation | undefined {
  const { data } = useQuery({
    queryKey: ['ipam', 'reservations', 'one', id],
    enabled: useCan('isp.ipam.read') && id !== '',
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/ip-addresses/{id}', { params: { path: { id } }, signal })),
  });
  return data?.origin === 'reservation' && !data.ended_at ? (data as Reservation) : undefined;
}

export function useVlanPools(): VlanPool[] {
  const { data } = useQuery({
    queryKey: ['ipam', 'vlan-pools', 'all'],
    enabled: useCan('isp.ipam.read'),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/vlan-pools', { params: { query: { limit: 500 } }, signal })),
  });
  return data?.items ?? [];
}

export function useSites(): Site[] {
  const { data } = useQuery({
    queryKey: ['ipam', 'sites', 'all'],
    enabled: useCan('isp.ipam.read'),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/sites', { params: { query: { limit: 500 } }, signal })),
    staleTime: 30_000,
  });
  return data?.items ?? [];
}

export function useDiscovered() {
  return useQuery({
    queryKey: ['pon', 'discovered'],
    enabled: useCan('isp.network.pon.read'),
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/pon/discovered', { signal }))).items,
    refetchInterval: 10_000,
  });
}

/** What the tenant itself knows to stand somewhere: its sites. */
export function useMapDots(): Dot[] {
  return useSites().flatMap((site) =>
    site.latitude == null || site.longitude == null
      ? []
      : [{ key: site.id, name: site.name, kind: 'site' as const, latitude: site.latitude, longitude: site.longitude }],
  );
}
