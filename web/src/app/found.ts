import { useQuery } from '@tanstack/react-query';
import { api, take } from '../api/client';
import { useMe } from '../shared/me';

/** Whether this is a whole IPv4 or IPv6 address, so that one may ask who has it. */
export function isAddress(q: string): boolean {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(q);
  return v4 ? v4.slice(1).every((octet) => Number(octet) <= 255) : /^[0-9a-f:]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(q);
}

/** What each source answered; one that failed is empty and counted, and takes nothing from the others. */
export async function settled<T extends Record<string, Promise<unknown> | undefined>>(asked: T) {
  const names = Object.keys(asked) as (keyof T)[];
  const answers = await Promise.allSettled(names.map((name) => asked[name]));
  const found = Object.fromEntries(
    names.map((name, index) => {
      const answer = answers[index];
      return [name, answer?.status === 'fulfilled' ? answer.value : undefined];
    }),
  ) as { [K in keyof T]: Awaited<T[K]> | undefined };
  return { found, failed: answers.filter((answer) => answer.status === 'rejected').length };
}

/** Everything that is called so, from every list that one may see. */
export function useFound(q: string) {
  const may = useMe().permissions;
  const of = { lines: 'isp.radius.read', runs: 'isp.oss.read', pon: 'isp.network.pon.read', ipam: 'isp.ipam.read' };
  const sees = (area: keyof typeof of) => may.includes(of[area]);
  return useQuery({
    queryKey: ['spotlight', q],
    enabled: q.length > 0 && (Object.keys(of) as (keyof typeof of)[]).some(sees),
    queryFn: ({ signal }) => {
      const asked = { params: { query: { q, limit: 6 } }, signal };
      const few = { params: { query: { q, limit: 4 } }, signal };
      return settled({
        subscribers: sees('lines') ? take(api.GET('/api/v1/subscribers', asked)) : undefined,
        nas: sees('lines') ? take(api.GET('/api/v1/radius/nas', asked)) : undefined,
        runs: sees('runs') ? take(api.GET('/api/v1/provisioning/runs', asked)) : undefined,
        onus: sees('pon') ? take(api.GET('/api/v1/pon/onus', few)) : undefined,
        prefixes: sees('ipam') ? take(api.GET('/api/v1/ipam/prefixes', few)) : undefined,
        pools: sees('ipam') ? take(api.GET('/api/v1/ipam/pools', few)) : undefined,
        sites: sees('ipam') ? take(api.GET('/api/v1/ipam/sites', few)) : undefined,
        who:
          sees('ipam') && isAddress(q)
            ? take(api.GET('/api/v1/ipam/who-has', { params: { query: { address: q } }, signal }))
            : undefined,
      });
    },
  });
}
