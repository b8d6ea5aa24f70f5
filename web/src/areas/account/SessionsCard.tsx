import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';

const queryKey = ['my-sessions'];

/** Every browser this account is signed in on; any but this one can be signed out. */
export function SessionsCard() {
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey, queryFn: ({ signal }) => take(api.GET('/api/v1/auth/sessions', { signal })) });
  const end = useMutation({
    mutationFn: (id: string) => take(api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  return (
    <Card title={t('account.sessions')}>
      {(sessions.isError || end.isError) && <ProblemAlert error={sessions.error ?? end.error} />}
      {sessions.isPending && <Skeleton height={80} />}
      <Stack gap="md">
        {sessions.data?.items.map((session) => (
          <Group key={session.id} justify="space-between" wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" truncate title={session.user_agent ?? undefined}>
                {session.user_agent ?? '–'}
              </Text>
              <Text size="xs" c="dimmed">
                {session.ip} · {t('account.sessionSince')} <Time at={session.created_at} /> · {t('account.sessionSeen')}{' '}
                <Time at={session.last_seen_at} show="age" />
              </Text>
            </div>
            {session.current ? (
              <State tone="ok">{t('account.sessionHere')}</State>
            ) : (
              <Button
                size="xs"
                variant="default"
                style={{ flexShrink: 0 }}
                aria-label={t('account.sessionEndOf', { from: session.ip ?? '' })}
                onClick={() => end.mutate(session.id)}
              >
                {t('account.sessionEnd')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
