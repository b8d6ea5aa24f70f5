import { Alert, Button, Drawer, Group, List, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Facts } from '../../shared/Facts';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { JobState } from './JobState';
import { failedQuery, type Job, jobQuery, steerBulk, undoBulk, useJobStream, type Verb } from './queries';

type Props = { id: string; onClose: () => void; onUndo: (job: string) => void };

/** One job: how far it is, what failed, and what can be done about it. */
export function JobDrawer({ id, onClose, onUndo }: Props) {
  const found = useQuery(jobQuery(id));
  const job = found.data;
  useJobStream(id, job !== undefined && job.finished_at === null);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={job ? (lookup(`bulk.kind.${job.kind}`) ?? job.kind) : t('bulk.title')}
    >
      {found.isError && <ProblemAlert error={found.error} onRetry={() => found.refetch()} />}
      {job && <Found job={job} onUndo={onUndo} />}
    </Drawer>
  );
}

function Found({ job, onUndo }: { job: Job; onUndo: (job: string) => void }) {
  const queries = useQueryClient();
  const mayConfigure = useCan('isp.oss.configure');
  const [undoing, setUndoing] = useState(false);
  const failed = useQuery({ ...failedQuery(job.id), enabled: job.failed > 0 });
  const changed = () => queries.invalidateQueries({ queryKey: ['bulk'] });
  const steer = useMutation({ mutationFn: (verb: Verb) => steerBulk(job.id, verb), onSuccess: changed });
  const ended = job.done + job.failed + job.skipped;
  const part = (n: number) => (job.total === 0 ? 0 : (100 * n) / job.total);
  const undo = async () => {
    const made = await undoBulk(job.id);
    await changed();
    onUndo(made.id);
  };
  return (
    <Stack gap="md" data-testid="job">
      <Group justify="space-between">
        <JobState job={job} />
        <Text size="sm" role="status" data-testid="job-progress">
          {t('bulk.progress', { ended: count(ended), total: count(job.total) })} ·{' '}
          {t('bulk.wavesDone', { wave: job.wave })}
        </Text>
      </Group>
      <Progress.Root size="lg" aria-label={t('bulk.title')}>
        <Progress.Section value={part(job.done + job.skipped)} color="teal.7" />
        <Progress.Section value={part(job.failed)} color="red.8" />
      </Progress.Root>
      {job.state_reason && <Alert color="yellow">{job.state_reason}</Alert>}
      {job.undo_of && <Text size="sm">{t('bulk.undoOf')}</Text>}
      {job.undone_by && <Text size="sm">{t('bulk.undone')}</Text>}
      <Facts
        of={[
          [t('bulk.done'), count(job.done)],
          [t('bulk.failed'), count(job.failed)],
          [t('bulk.skipped'), count(job.skipped)],
          [t('bulk.started'), count(job.started)],
          [t('bulk.waiting'), count(job.waiting)],
          [t('bulk.cancelled'), count(job.cancelled)],
        ]}
      />
      <TextLink to="/provisioning/runs" search={{ parent: job.id }} size="sm">
        {t('bulk.runs')}
      </TextLink>
      {(failed.data?.items ?? []).length > 0 && (
        <List size="sm">
          {failed.data?.items.map((one) => (
            <List.Item key={one.subscriber_id}>
              {one.username ?? one.subscriber_id}: {one.error_message ?? one.error_code}
            </List.Item>
          ))}
        </List>
      )}
      {steer.isError && <ProblemAlert error={steer.error} />}
      {mayConfigure && (
        <Group gap="xs">
          {job.state === 'running' && (
            <Button variant="default" loading={steer.isPending} onClick={() => steer.mutate('pause')}>
              {t('bulk.doPause')}
            </Button>
          )}
          {(job.state === 'paused' || job.state === 'stopped') && (
            <Button loading={steer.isPending} onClick={() => steer.mutate('continue')}>
              {t('bulk.doContinue')}
            </Button>
          )}
          {job.waiting > 0 && job.state !== 'cancelled' && (
            <Button variant="default" color="red.8" onClick={() => steer.mutate('cancel')}>
              {t('bulk.doCancel')}
            </Button>
          )}
          {job.can_undo && (
            <Button variant="default" onClick={() => setUndoing(true)}>
              {t('bulk.doUndo')}
            </Button>
          )}
        </Group>
      )}
      <ConfirmDialog
        opened={undoing}
        onClose={() => setUndoing(false)}
        title={t('bulk.undoTitle')}
        confirm={t('bulk.doUndo')}
        destructive
        run={undo}
      >
        {t('bulk.undoText')}
      </ConfirmDialog>
    </Stack>
  );
}
