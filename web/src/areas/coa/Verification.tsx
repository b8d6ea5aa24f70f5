import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lookup, t } from '../../messages';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { sessionTasksQuery } from './queries';

const tones = { verified: 'ok', unverified: 'bad', pending: 'warn' } as const;

/** What accounting says of the change that was just acknowledged: watched until it says it, or should have. */
export function Verification({ session, kind }: { session: string; kind: string }) {
  const tasks = useQuery(sessionTasksQuery(session));
  const task = tasks.data?.items.find((one) => one.kind === kind);
  const state = task?.verification ?? 'pending';
  return (
    <Group gap="xs" role="status" data-testid="verification" data-state={state}>
      <Text size="sm">{t('coa.verification')}</Text>
      <State tone={tones[state as keyof typeof tones] ?? 'idle'}>{lookup(`coa.verification.${state}`) ?? state}</State>
      {task?.verified_at && (
        <Text size="xs" c="dimmed">
          <Time at={task.verified_at} />
        </Text>
      )}
    </Group>
  );
}
