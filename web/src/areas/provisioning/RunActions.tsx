import { Button, Text, Textarea } from '@mantine/core';
import { IconBan, IconPlayerPlay, IconTrashX } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { runWords } from '../../shared/runWords';
import { cancelRun, giveUpRun, type RunHead, retryRun, steering, useRunsChanged } from './queries';

type Asked = 'cancel' | 'retry' | 'give_up';
type Props = { run: RunHead; size?: 'compact-sm' };

/** What an operator may do with a run as it stands now; hidden from those who may not. */
export function RunActions({ run, size }: Props) {
  const may = useCan(steering);
  const [asked, setAsked] = useState<Asked>();
  if (!may) {
    return null;
  }
  const close = () => setAsked(undefined);
  const of = { size, variant: 'default' };
  return (
    <>
      {['pending', 'running'].includes(run.status) && !run.cancel_requested && (
        <Button {...of} leftSection={<IconBan size={15} aria-hidden />} onClick={() => setAsked('cancel')}>
          {t('run.cancel')}
        </Button>
      )}
      {(['stuck', 'degraded'].includes(run.status) || (run.status === 'compensated' && !run.cancel_requested)) && (
        <Button {...of} leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={() => setAsked('retry')}>
          {t(`run.retry.${run.status}` as never)}
        </Button>
      )}
      {run.status === 'stuck' && (
        <Button {...of} leftSection={<IconTrashX size={15} aria-hidden />} onClick={() => setAsked('give_up')}>
          {t('run.giveUp')}
        </Button>
      )}
      {asked === 'cancel' && <Cancel run={run} onClose={close} />}
      {asked === 'retry' && <RetryDialog run={run} step={null} onClose={close} />}
      {asked === 'give_up' && <GiveUp run={run} onClose={close} />}
    </>
  );
}

type DialogProps = { run: RunHead; onClose: () => void };

function Cancel({ run, onClose }: DialogProps) {
  const changed = useRunsChanged();
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('run.cancelTitle', { subject: run.subject_label })}
      confirm={t('run.cancel')}
      destructive
      run={() => cancelRun(run.id).finally(changed)}
    >
      {t('run.cancelNote')}
    </ConfirmDialog>
  );
}

export function RetryDialog({ run, step, onClose }: DialogProps & { step: string | null }) {
  const changed = useRunsChanged();
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t(`run.retry.${run.status}` as never)}
      confirm={t(`run.retry.${run.status}` as never)}
      run={() => retryRun(run.id, step).finally(changed)}
    >
      {t(`run.retryNote.${run.status}` as never)}
      {step && (
        <Text size="sm" mt="xs">
          {t('run.fromStep', { step: runWords('step', step) })}
        </Text>
      )}
    </ConfirmDialog>
  );
}

function GiveUp({ run, onClose }: DialogProps) {
  const changed = useRunsChanged();
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('run.giveUpTitle', { subject: run.subject_label })}
      confirm={t('run.giveUp')}
      destructive
      run={() => giveUpRun(run.id, reason).finally(changed)}
    >
      {t('run.giveUpNote')}
      <Textarea
        mt="sm"
        label={t('run.reason')}
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
