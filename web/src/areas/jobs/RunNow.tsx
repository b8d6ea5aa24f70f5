import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { asProblem } from '../../api/problem';
import { t } from '../../messages';
import { useCan } from '../../shared/me';
import { runSchedule, type Schedule, steering, useJobsChanged } from './queries';

/** Begins a scheduled job now, beside its schedule. */
export function RunNow({ schedule }: { schedule: Schedule }) {
  const changed = useJobsChanged();
  const run = useMutation({
    mutationFn: () => runSchedule(schedule.id),
    onSuccess: () => notifications.show({ color: 'teal', title: schedule.name, message: t('jobs.begun') }),
    onError: (error) => {
      const problem = asProblem(error);
      notifications.show({ color: 'red', title: problem.title, message: problem.detail ?? problem.code });
    },
    onSettled: changed,
  });
  return (
    useCan(steering) && (
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        loading={run.isPending}
        onClick={() => run.mutate()}
        aria-label={t('jobs.runOf', { name: schedule.name })}
      >
        {t('jobs.run')}
      </Button>
    )
  );
}
