import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { kindName, runSchedule, type Schedule, steering, useJobsChanged, useKinds } from './queries';

/** Begins a scheduled job now, beside its schedule, once it was said what that does. */
export function RunNow({ schedule }: { schedule: Schedule }) {
  const changed = useJobsChanged();
  const kinds = useKinds();
  const [asking, setAsking] = useState(false);
  const run = async () => {
    await runSchedule(schedule.id);
    notifications.show({ color: 'teal', title: schedule.name, message: t('jobs.begun') });
    await changed();
  };
  return (
    useCan(steering) && (
      <>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={() => setAsking(true)}
          aria-label={t('jobs.runOf', { name: schedule.name })}
        >
          {t('jobs.run')}
        </Button>
        <ConfirmDialog
          opened={asking}
          onClose={() => setAsking(false)}
          title={t('jobs.runTitle', { name: schedule.name })}
          confirm={t('jobs.run')}
          run={run}
        >
          {t('jobs.runText', { kind: kindName(schedule.kind) })}{' '}
          {kinds.find((kind) => kind.name === schedule.kind)?.description}
        </ConfirmDialog>
      </>
    )
  );
}
