import { Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, take } from '../../../api/client';
import type { Reply } from '../../../api/types';
import { lookup, t } from '../../../messages';
import { Card } from '../../../shared/Card';
import { TextLink } from '../../../shared/links';
import { useCan } from '../../../shared/me';
import { ProblemAlert } from '../../../shared/ProblemAlert';
import { State } from '../../../shared/State';
import { Time } from '../../../shared/time';
import { reading } from '../../provisioning/queries';

type Service = Reply<'/api/v1/services', 'get'>['items'][number];
type Happened = Reply<'/api/v1/services/{id}/events', 'get'>['items'][number];

const words = (kind: 'event' | 'status', name: string) =>
  lookup(`service.${kind}.${name}`) ?? name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());

const tones: Record<string, 'ok' | 'warn' | 'bad'> = {
  active: 'ok',
  degraded: 'warn',
  suspended: 'warn',
  suspended_non_payment: 'warn',
  suspended_fraud: 'warn',
  provisioning_failed: 'bad',
  failed: 'bad',
};

/** What happened to the service of a line, also what failed and was undone: the latest first. */
export function ServiceCard({ id }: { id: string }) {
  const services = useQuery({
    queryKey: ['subscriber', 'services', id],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/services', { params: { query: { subscriber_id: id, limit: 1 } }, signal })),
    enabled: useCan(reading),
    refetchInterval: 10_000,
  });
  const service = services.data?.items[0];
  return service ? <Shown of={service} /> : null;
}

function Shown({ of }: { of: Service }) {
  const events = useInfiniteQuery({
    queryKey: ['subscriber', 'service-events', of.id],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/api/v1/services/{id}/events', {
          params: { path: { id: of.id }, query: { limit: 6, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 10_000,
  });
  const rows = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card
      title={t('service.title')}
      actions={<State tone={tones[of.status] ?? 'idle'}>{words('status', of.status)}</State>}
    >
      <Stack gap={8} data-testid="service-history">
        {of.status_reason && <Text size="sm">{of.status_reason}</Text>}
        {events.isError && <ProblemAlert error={events.error} onRetry={() => events.refetch()} />}
        {rows.map((row) => (
          <Row key={row.id} of={row} />
        ))}
        {events.hasNextPage && (
          <Group justify="center">
            <Button
              variant="subtle"
              size="xs"
              loading={events.isFetchingNextPage}
              onClick={() => events.fetchNextPage()}
            >
              {t('list.older')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

/** The step of the order's run that failed, in words. */
function failedStep(data: unknown) {
  const step = data && typeof data === 'object' && 'step' in data && typeof data.step === 'string' ? data.step : null;
  return step && (lookup(`run.step.${step}`) ?? step);
}

function Row({ of }: { of: Happened }) {
  const name = words('event', of.type);
  const message = of.message && (lookup(`service.message.${of.message}`) ?? of.message);
  const step = failedStep(of.data);
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
        <Text size="sm" c={of.succeeded ? undefined : 'var(--dm-bad)'}>
          {of.run_id ? (
            <TextLink
              to="/provisioning/runs/$id"
              params={{ id: of.run_id }}
              inherit
              c={of.succeeded ? undefined : 'inherit'}
            >
              {name}
            </TextLink>
          ) : (
            name
          )}
        </Text>
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <Time at={of.at} show="minute" />
        </Text>
      </Group>
      {(message || of.error_code) && (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {[step && t('service.at', { step }), message, of.error_code && `(${of.error_code})`]
            .filter(Boolean)
            .join(' ')}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t('service.by', { who: of.actor })}
        {of.from_status && of.to_status && of.from_status !== of.to_status
          ? ` · ${words('status', of.from_status)} → ${words('status', of.to_status)}`
          : ''}
      </Text>
    </div>
  );
}
