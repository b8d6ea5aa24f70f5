import { Button, Code, Drawer, Group, Skeleton, Stack, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Facts } from '../../shared/Facts';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Enabled } from '../../shared/State';
import { Time } from '../../shared/time';
import { pretty } from './fields';
import { History } from './History';
import {
  changeSchedule,
  deleteSchedule,
  kindName,
  type Schedule,
  scheduleQuery,
  steering,
  useJobsChanged,
} from './queries';
import { RunNow } from './RunNow';
import { rhythm } from './rhythm';
import { ScheduleEditor } from './ScheduleEditor';

/** One scheduled job: when it is due, and every run that it began. */
export function ScheduleDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const schedule = useQuery(scheduleQuery(id));
  const [editing, setEditing] = useState(false);
  if (editing && schedule.data) {
    return <ScheduleEditor of={schedule.data} onClose={() => setEditing(false)} />;
  }
  return (
    <Drawer opened onClose={onClose} title={schedule.data?.name ?? t('jobs.title')} position="right" size="lg">
      {schedule.isError && <ProblemAlert error={schedule.error} onRetry={() => schedule.refetch()} />}
      {schedule.isPending && <Skeleton height={200} />}
      {schedule.data && <Shown schedule={schedule.data} onEdit={() => setEditing(true)} onGone={onClose} />}
    </Drawer>
  );
}

type Props = { schedule: Schedule; onEdit: () => void; onGone: () => void };

function Shown({ schedule, onEdit, onGone }: Props) {
  const may = useCan(steering);
  const changed = useJobsChanged();
  const [removing, setRemoving] = useState(false);
  const toggle = useMutation({
    mutationFn: () => changeSchedule(schedule.id, { enabled: !schedule.enabled }),
    onSettled: changed,
  });
  return (
    <Stack>
      {may && (
        <Group gap="xs">
          <RunNow schedule={schedule} />
          <Button size="compact-sm" variant="default" onClick={onEdit}>
            {t('do.edit')}
          </Button>
          <Button size="compact-sm" variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
            {schedule.enabled ? t('jobs.disable') : t('jobs.enable')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setRemoving(true)}>
            {t('do.delete')}
          </Button>
        </Group>
      )}
      {toggle.isError && <ProblemAlert error={toggle.error} />}
      <Facts
        of={[
          [t('jobs.kind'), kindName(schedule.kind)],
          [t('jobs.when'), rhythm(schedule)],
          [
            t('jobs.cron'),
            schedule.cron && (
              <span key="cron" className="mono">
                {schedule.cron}
              </span>
            ),
          ],
          [t('jobs.zone'), schedule.cron && schedule.time_zone],
          [
            t('jobs.next'),
            schedule.next_times && schedule.next_times.length > 1 ? (
              <Stack key="next" gap={0} data-testid="next-times">
                {schedule.next_times.map((at) => (
                  <Time key={at} at={at} />
                ))}
              </Stack>
            ) : (
              <Time key="next" at={schedule.next_at} never={t('jobs.notDue')} />
            ),
          ],
          [t('jobs.last'), <Time key="last" at={schedule.last_fired_at} />],
          [t('run.status'), <Enabled key="enabled" enabled={schedule.enabled} />],
          [t('run.startedBy'), schedule.created_by],
          [t('jobs.description'), schedule.description],
        ]}
      />
      <Code block>{pretty(schedule.parameters)}</Code>
      <Title order={3} size="h5">
        {t('jobs.history')}
      </Title>
      <History of={{ schedule_id: schedule.id }} />
      <ConfirmDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t('jobs.deleteTitle', { name: schedule.name })}
        confirm={t('do.delete')}
        destructive
        run={async () => {
          await deleteSchedule(schedule.id);
          onGone();
          await changed();
        }}
      >
        {t('jobs.deleteNote')}
      </ConfirmDialog>
    </Stack>
  );
}
