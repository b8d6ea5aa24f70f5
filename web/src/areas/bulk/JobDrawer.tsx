import { Alert, Button, Drawer, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Facts } from '../../shared/Facts';
import { count } from '../../shared/format';
import { useNasList, useProfiles } from '../../shared/lookups';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { JobItems } from './JobItems';
import { JobState } from './JobState';
import { type Job, jobQuery, steerBulk, undoBulk, useJobStream, type Verb } from './queries';

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

/** The filter in words. */
function useDescribed(filter: Job['filter']): string {
  const [plans, nas] = [useProfiles(), useNasList()];
  const of = (filter ?? {}) as Record<string, unknown>;
  const said = [
    of.q && `“${of.q}”`,
    of.bandwidth_profile_id && plans.find((one) => one.id === of.bandwidth_profile_id)?.name,
    of.nas_id && nas.find((one) => one.id === of.nas_id)?.shortname,
    of.suspended === true && t('bulk.standing.suspended'),
    of.suspended === false && t('bulk.standing.in_service'),
    of.suspension_reason &&
      t('bulk.standing.reason', {
        reason: lookup(`suspension.reason.${of.suspension_reason}`) ?? String(of.suspension_reason),
      }),
    Array.isArray(of.subscriber_ids) && t('bulk.picked', { count: of.subscriber_ids.length }),
    of.all && t('bulk.everybody'),
  ];
  return said.filter(Boolean).join(', ');
}

function Found({ job, onUndo }: { job: Job; onUndo: (job: string) => void }) {
  const queries = useQueryClient();
  const mayConfigure = useCan('isp.oss.configure');
  const whom = useDescribed(job.filter);
  const [undoing, setUndoing] = useState(false);
  const [cancelling, setCancelling] = useState(false);
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
      <Progress.Root size="lg">
        <Progress.Section value={part(job.done + job.skipped)} color="teal.7" aria-label={t('bulk.done')} />
        <Progress.Section value={part(job.failed)} color="red.8" aria-label={t('bulk.failed')} />
      </Progress.Root>
      {job.state_reason && (
        <Alert
          variant="light"
          styles={{ root: { background: 'var(--dm-warn-soft)' }, message: { color: 'var(--mantine-color-text)' } }}
        >
          {job.state_reason}
        </Alert>
      )}
      {job.undo_of && <Text size="sm">{t('bulk.undoOf')}</Text>}
      {job.undone_by && <Text size="sm">{t('bulk.undone')}</Text>}
      <Facts
        of={[
          [t('bulk.whom'), whom],
          [t('bulk.by'), job.created_by],
          [t('bulk.startedAt'), <Time key="at" at={job.created_at} />],
          [t('bulk.endedAt'), job.finished_at && <Time key="end" at={job.finished_at} />],
          [t('bulk.done'), count(job.done)],
          [t('bulk.failed'), count(job.failed)],
          [t('bulk.skipped'), count(job.skipped)],
          [t('bulk.started'), count(job.started)],
          [t('bulk.waiting'), count(job.waiting)],
          [t('bulk.cancelled'), count(job.cancelled)],
        ]}
      />
      <JobItems job={job} />
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
            <Button variant="default" color="red.8" onClick={() => setCancelling(true)}>
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
        opened={cancelling}
        onClose={() => setCancelling(false)}
        title={t('bulk.cancelTitle')}
        confirm={t('bulk.doCancel')}
        destructive
        run={() => steer.mutateAsync('cancel')}
      >
        {t('bulk.cancelText', { waiting: count(job.waiting) })}
      </ConfirmDialog>
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
