import { Button, Drawer, Group, List, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t, tn } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Facts } from '../../shared/Facts';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { History } from './History';
import { type Chain, chainQuery, deleteChain, executeChain, kindName, steering, useJobsChanged } from './queries';

const tones = { running: 'idle', completed: 'ok', failed: 'bad' } as const;

/** One chain and its goings-through, each with the runs of its jobs. */
export function ChainDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const chain = useQuery(chainQuery(id));
  return (
    <Drawer opened onClose={onClose} title={chain.data?.name ?? t('jobs.chains')} position="right" size="lg">
      {chain.isError && <ProblemAlert error={chain.error} onRetry={() => chain.refetch()} />}
      {chain.isPending && <Skeleton height={200} />}
      {chain.data && <Shown chain={chain.data} onGone={onClose} />}
    </Drawer>
  );
}

function Shown({ chain, onGone }: { chain: Chain; onGone: () => void }) {
  const may = useCan(steering);
  const changed = useJobsChanged();
  const [removing, setRemoving] = useState(false);
  const [executing, setExecuting] = useState(false);
  const runs = chain.runs ?? [];
  return (
    <Stack>
      {may && (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setExecuting(true)}>
            {t('jobs.execute')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setRemoving(true)}>
            {t('do.delete')}
          </Button>
        </Group>
      )}
      <Facts
        of={[
          [t('jobs.stopOnFailure'), chain.stop_on_failure ? t('jobs.stops') : t('jobs.goesOn')],
          [t('run.startedBy'), chain.created_by],
          [t('jobs.created'), <Time key="created" at={chain.created_at} />],
        ]}
      />
      <List type="ordered" size="sm">
        {chain.links.map((link, index) => (
          // A kind may come twice: its place is its identity.
          <List.Item key={index}>{kindName(link.kind)}</List.Item>
        ))}
      </List>
      <Title order={3} size="h5">
        {t('jobs.history')}
      </Title>
      {runs.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('jobs.noHistory')}
        </Text>
      )}
      {runs.map((run) => (
        <div key={run.id} data-testid="chain-run" data-status={run.status}>
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <State tone={tones[run.status as keyof typeof tones] ?? 'idle'}>
                {lookup(`jobs.chain.${run.status}`) ?? run.status}
              </State>
              <Text size="sm">
                <Time at={run.started_at} />
              </Text>
            </Group>
            <Text size="xs" c="dimmed">
              {t('jobs.position', { position: run.position, all: chain.links.length })} · {run.started_by}
            </Text>
          </Group>
          {run.message && <Text size="sm">{run.message}</Text>}
          <History of={{ chain_run_id: run.id }} />
        </div>
      ))}
      <ConfirmDialog
        opened={executing}
        onClose={() => setExecuting(false)}
        title={t('jobs.executeTitle', { name: chain.name })}
        confirm={t('jobs.execute')}
        run={async () => {
          await executeChain(chain.id);
          await changed();
        }}
      >
        {tn('jobs.executeText', chain.links.length)}
        <List type="ordered" size="sm">
          {chain.links.map((link, index) => (
            <List.Item key={index}>{kindName(link.kind)}</List.Item>
          ))}
        </List>
      </ConfirmDialog>
      <ConfirmDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t('jobs.deleteTitle', { name: chain.name })}
        confirm={t('do.delete')}
        destructive
        run={async () => {
          await deleteChain(chain.id);
          onGone();
          await changed();
        }}
      >
        {t('jobs.deleteChainNote')}
      </ConfirmDialog>
    </Stack>
  );
}
