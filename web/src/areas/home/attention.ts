import { useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { t, tn } from '../../messages';
import { useCan } from '../../shared/me';
import { reading as ponReading } from '../pon/queries';
import type { Attention } from '../provisioning/attention';
import { reading as findingsReading } from '../reconciliation/queries';

const often = 30_000;

function useAlarms(severity: 'critical' | 'major') {
  const { data } = useQuery({
    queryKey: ['pon', 'alarms', 'count', severity],
    enabled: useCan(ponReading),
    refetchInterval: often,
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/pon/alarms', { params: { query: { severity, limit: 1, count: true } }, signal })),
  });
  return data?.total ?? 0;
}

/** What of the network and of its reconciliation somebody should look at; what one may not see is not asked for. */
export function useNetworkAttention(): Attention[] {
  const maySee = useCan(findingsReading);
  const critical = useAlarms('critical');
  const major = useAlarms('major');
  const findings = useQuery({
    queryKey: ['reconciliation', 'findings', 'count'],
    enabled: maySee,
    refetchInterval: often,
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/reconciliation/findings', { params: { query: { limit: 1, count: true } }, signal })),
  });
  const stopped = useQuery({
    queryKey: ['bulk', 'jobs', 'stopped'],
    enabled: maySee,
    refetchInterval: often,
    queryFn: ({ signal }) => {
      const query = { state: 'stopped', limit: 5 };
      return take(api.GET('/api/v1/provisioning/bulk', { params: { query }, signal }));
    },
  });
  const found: Attention[] = [];
  for (const [severity, many] of [
    ['critical', critical],
    ['major', major],
  ] as const) {
    if (many > 0) {
      found.push({
        kind: `pon.alarms.${severity}`,
        severity: severity === 'critical' ? 'critical' : 'warning',
        title: tn(`attention.alarms.${severity}`, many),
        detail: t('attention.alarms.detail'),
        href: `/pon?tab=alarms&severity=${severity}`,
      });
    }
  }
  for (const job of (stopped.data?.items ?? []).filter(({ waiting, undone_by }) => waiting > 0 && !undone_by)) {
    found.push({
      kind: `bulk.stopped.${job.id}`,
      severity: 'critical',
      title: t('attention.bulkStopped', { what: t(`bulk.kind.${job.kind}` as 'bulk.kind.suspend') }),
      detail: t('attention.bulkStopped.detail', { failed: job.failed, waiting: job.waiting }),
      href: `/bulk?job=${job.id}`,
    });
  }
  const open = findings.data?.total ?? 0;
  if (open > 0) {
    found.push({
      kind: 'reconciliation.open',
      severity: 'warning',
      title: tn('attention.findings', open),
      detail: t('attention.findings.detail'),
      href: '/reconciliation',
    });
  }
  return found;
}
