import { infiniteQueryOptions, keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, take } from '../../api/client';
import type { Body, Reply } from '../../api/types';

export type Prefix = Reply<'/api/v1/ipam/prefixes/{id}', 'get'>;
export type Pool = Reply<'/api/v1/ipam/pools/{id}', 'get'>;
export type Address = Reply<'/api/v1/ipam/ip-addresses/{id}', 'get'>;
export type Vrf = Reply<'/api/v1/ipam/vrfs/{id}', 'get'>;
export type Site = Reply<'/api/v1/ipam/sites/{id}', 'get'>;
export type Vlan = Reply<'/api/v1/ipam/vlans/{id}', 'get'>;
export type VlanPool = Reply<'/api/v1/ipam/vlan-pools/{id}', 'get'>;
export type VlanGroup = Reply<'/api/v1/ipam/vlan-groups/{id}', 'get'>;
export type VlanHeld = Reply<'/api/v1/ipam/vlan-allocations', 'get'>['items'][number];
export type SpaceMap = Reply<'/api/v1/ipam/prefixes/{id}/map', 'get'>;
export type SpaceCell = SpaceMap['cells'][number];
export type Imported = Reply<'/api/v1/ipam/import/prefixes', 'post'>;

type ListQuery = { q?: string; sort?: string; cursor?: string; limit?: number };
const at = (id: string) => ({ params: { path: { id } } });
const key = (...of: unknown[]) => ['ipam', ...of];

/** One level of the tree, a page at a time. */
export const treeQuery = (parentId?: string, vrfId?: string) =>
  infiniteQueryOptions({
    queryKey: key('tree', parentId, vrfId),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam: cursor }) =>
      take(
        api.GET('/api/v1/ipam/prefixes/tree', {
          params: { query: { parent_id: parentId, vrf_id: vrfId, cursor, limit: 200 } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const prefixesQuery = (query: ListQuery & { vrf_id?: string }) =>
  queryOptions({
    queryKey: key('prefixes', query),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/prefixes', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const prefixQuery = (id: string) =>
  queryOptions({
    queryKey: key('prefix', id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/prefixes/{id}', { ...at(id), signal })),
  });

export const mapQuery = (id: string, network?: string) =>
  queryOptions({
    queryKey: key('map', id, network),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/ipam/prefixes/{id}/map', { params: { path: { id }, query: { network } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

type PoolFilter = ListQuery & { prefix_id?: string };

export const poolsPage = (query: PoolFilter, signal?: AbortSignal) =>
  take(api.GET('/api/v1/ipam/pools', { params: { query }, signal }));

export const poolsQuery = (query: PoolFilter) =>
  queryOptions({
    queryKey: key('pools', query),
    queryFn: ({ signal }) => poolsPage(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export type AddressFilter = ListQuery & {
  within?: string;
  pool_id?: string;
  vrf_id?: string;
  /** Only the global table. */
  global?: boolean;
  kind?: string;
  state?: string;
  reserved?: boolean;
  ended?: boolean;
};

export const addressesPage = (query: AddressFilter, signal?: AbortSignal) =>
  take(api.GET('/api/v1/ipam/ip-addresses', { params: { query }, signal }));

export const addressesQuery = (query: AddressFilter) =>
  queryOptions({
    queryKey: key('addresses', query),
    queryFn: ({ signal }) => addressesPage(query, signal),
    placeholderData: keepPreviousData,
  });

export const addressQuery = (id: string) =>
  queryOptions({
    queryKey: key('address', id),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/ip-addresses/{id}', { ...at(id), signal })),
  });

export const whoQuery = (address: string, moment?: string) =>
  queryOptions({
    queryKey: key('who', address, moment),
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/ipam/who-has', { params: { query: { address, at: moment } }, signal })),
    retry: false,
  });

export const vlanPoolsQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: key('vlanPools', query),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/vlan-pools', { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export const vlanGroupsQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: key('vlanGroups', query),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/vlan-groups', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const vlansHeldQuery = (query: ListQuery & { pool_id?: string; service_vlan?: number; ended?: boolean }) =>
  queryOptions({
    queryKey: key('vlansHeld', query),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/vlan-allocations', { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export const vlansQuery = (query: ListQuery & { group_id?: string }) =>
  queryOptions({
    queryKey: key('vlans', query),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/vlans', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const vrfsQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: key('vrfs', query),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/vrfs', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const sitesQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: key('sites', query),
    queryFn: ({ signal }) => take(api.GET('/api/v1/ipam/sites', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

const asOptions = (items: { id: string; name: string }[] | undefined) =>
  (items ?? []).map((item) => ({ value: item.id, label: item.name }));

export const useVrfOptions = () => asOptions(useQuery(vrfsQuery({ limit: 500 })).data?.items);
export const useSiteOptions = () => asOptions(useQuery(sitesQuery({ limit: 500 })).data?.items);
export const useVlanGroupOptions = () => asOptions(useQuery(vlanGroupsQuery({ limit: 500 })).data?.items);
export const usePoolOptions = () => asOptions(useQuery(poolsQuery({ limit: 500 })).data?.items);

type Raw = Record<string, unknown>;

type Kind = 'prefixes' | 'pools' | 'vlan-pools' | 'vlans' | 'vlan-groups' | 'vrfs' | 'sites';

/** How one kind is made, changed and removed; a change must not overwrite somebody else's. */
const written = <T extends { id: string; version: number }>(kind: Kind) => ({
  create: (body: Raw) => take(api.POST(`/api/v1/ipam/${kind}`, { body: body as never })),
  patch: (of: T, body: Raw) =>
    take(api.PATCH(`/api/v1/ipam/${kind}/{id}`, { ...at(of.id), body: body as never, headers: ifMatch(of.version) })),
  remove: (of: T) => take(api.DELETE(`/api/v1/ipam/${kind}/{id}`, { ...at(of.id), headers: ifMatch(of.version) })),
});

export const records = {
  prefix: written<Prefix>('prefixes'),
  pool: written<Pool>('pools'),
  vlanPool: written<VlanPool>('vlan-pools'),
  vlan: written<Vlan>('vlans'),
  vlanGroup: written<VlanGroup>('vlan-groups'),
  vrf: written<Vrf>('vrfs'),
  site: written<Site>('sites'),
};

export const allocate = (body: Raw) =>
  take(api.POST('/api/v1/ipam/allocate', { body: body as Body<'/api/v1/ipam/allocate', 'post'> }));
/** The given address of a prefix, or its lowest free one. */
export const allocateIn = (prefix: Prefix, { address, ...body }: Raw) =>
  address
    ? allocate({ ...body, address, vrf_id: prefix.vrf_id })
    : take(api.POST('/api/v1/ipam/prefixes/{id}/available-ips', { ...at(prefix.id), body: body as never }));
export const reserve = (body: Raw) =>
  take(api.POST('/api/v1/ipam/reservations', { body: body as Body<'/api/v1/ipam/reservations', 'post'> }));
const forced = (id: string, force: boolean) => ({ params: { path: { id }, query: force ? { force } : {} } });
export const release = (of: Address, force: boolean) =>
  take(api.DELETE('/api/v1/ipam/ip-addresses/{id}', forced(of.id, force)));
export const releaseVlan = (of: VlanHeld, force: boolean) =>
  take(api.DELETE('/api/v1/ipam/vlan-allocations/{id}', forced(of.id, force)));
export const addRange = (of: Pool, body: Raw) =>
  take(api.POST('/api/v1/ipam/pools/{id}/ranges', { ...at(of.id), body: body as never }));

export const importFile = (what: 'prefixes' | 'ip-addresses', file: string, dryRun: boolean) =>
  take(
    api.POST(`/api/v1/ipam/import/${what}`, {
      params: { query: { dry_run: dryRun } },
      body: file,
      bodySerializer: (body: string) => body,
      headers: { 'Content-Type': 'text/csv' },
    }),
  );

export function useIpamChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['ipam'] });
}
