import { Button, Drawer, Group, Progress, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lookup, t } from '../../messages';
import { Facts } from '../../shared/Facts';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { RunState } from './CoaPage';
import { cancelRun, type Run, runQuery, tasksQuery } from './queries';

/** One mass change as it goes: how far, what failed, what accounting shows by now; and the stop. */
export function RunDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const run = useQuery(runQuery(id));
  return (
    <Drawer opened onClose={onClose} title={t('coa.run')} position="right" size="xl">
      {run.isError && <ProblemAlert error={run.error} onRetry={() => run.refetch()} />}
      {run.isPending && <Skeleton height={200} />}
      {run.data && <Shown run={run.data} />}
    </Drawer>
  );
}

function Shown({ run }: { run: Run }) {
  const mayManage = useCan('isp.radius.sessions.manage');
  const queries = useQueryClient();
  const tasks = useQuery(tasksQuery(run.id));
  const stop = useMutation({
    mutationFn: () => cancelRun(run.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['coa'] }),
  });
  const share = (part: number) => (run.total === 0 ? 0 : (100 * part) / run.total);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="xs">
          <Text fw={600}>{lookup(`coa.kind.${run.kind}`) ?? run.kind}</Text>
          <RunState run={run} />
        </Group>
        {mayManage && run.state === 'running' && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('coa.cancel')}
          </Button>
        )}
      </Group>
      {stop.isError && <ProblemAlert error={stop.error} />}
      <Progress.Root size="lg" role="group" aria-label={t('coa.progress')}>
        <Progress.Section value={share(run.done)} color="var(--dm-ok)" aria-label={t('coa.done')} />
        <Progress.Section value={share(run.failed)} color="var(--dm-bad)" aria-label={t('coa.failed')} />
        <Progress.Section value={share(run.cancelled)} color="var(--dm-idle)" aria-label={t('coa.cancelled')} />
      </Progress.Root>
      <Facts
        of={[
          [t('coa.total'), count(run.total)],
          [t('coa.done'), count(run.done)],
          [t('coa.failed'), count(run.failed)],
          [t('coa.waiting'), count(run.waiting + run.sending)],
          [t('coa.cancelled'), run.cancelled > 0 && count(run.cancelled)],
          [t('coa.verified'), count(run.verified)],
          [t('coa.unverified'), run.unverified > 0 && count(run.unverified)],
          [t('coa.maybeTwice'), run.maybe_twice > 0 && count(run.maybe_twice)],
          [t('audit.actor'), run.created_by],
          [t('decisions.col.at'), <Time key="at" at={run.created_at} />],
        ]}
      />
      {tasks.isError && <ProblemAlert error={tasks.error} onRetry={() => tasks.refetch()} />}
      <Table.ScrollContainer
        minWidth={560}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('coa.sessions'), role: 'group' } }}
      >
        <Table fz="xs" horizontalSpacing="xs" aria-label={t('coa.sessions')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('subscribers.col.username')}</Table.Th>
              <Table.Th>{t('session.nas')}</Table.Th>
              <Table.Th>{t('coa.answer')}</Table.Th>
              <Table.Th>{t('coa.verification')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tasks.data?.items.map((task) => (
              <Table.Tr key={task.id}>
                <Table.Td>
                  <TextLink to="/sessions/$id" params={{ id: task.session_id }} size="xs">
                    {task.username ?? task.acct_session_id}
                  </TextLink>
                </Table.Td>
                <Table.Td>{task.nas?.shortname}</Table.Td>
                <Table.Td>
                  {task.outcome
                    ? (lookup(`coa.outcome.${task.outcome}`) ?? task.outcome)
                    : (lookup(`coa.task.${task.state}`) ?? task.state)}
                  {task.asked_again_at && (
                    <>
                      {' '}
                      ({t('coa.askedAgain')} <Time at={task.asked_again_at} show="age" />)
                    </>
                  )}
                </Table.Td>
                <Table.Td>{lookup(`coa.verification.${task.verification}`) ?? task.verification}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
