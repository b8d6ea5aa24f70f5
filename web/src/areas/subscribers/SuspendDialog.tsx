import { Checkbox, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Subscriber } from '../../api/types';
import { lookup, t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { addSuspension, endSuspension, reasons, suspensionQuery, useSuspensionChanged } from './suspensions';

type Props = { subscriber: Subscriber; opened: boolean; onClose: () => void };

/** Gives the line a reason to be suspended, or ends those that it has. */
export function SuspendDialog(props: Props) {
  return props.subscriber.suspended ? <Resume {...props} /> : <Suspend {...props} />;
}

function Suspend({ subscriber, opened, onClose }: Props) {
  const [reason, setReason] = useState<string | null>('administrative');
  const [note, setNote] = useState('');
  const [evidence, setEvidence] = useState('');
  const refresh = useSuspensionChanged();
  const { username } = subscriber;
  const run = async () => {
    await addSuspension(subscriber.id, { reason, note: note.trim() || null, evidence: evidence.trim() || null });
    await refresh();
    notifications.show({ message: t('subscriber.suspendDone', { username }) });
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t('subscriber.suspendTitle', { username })}
      confirm={t('subscriber.suspend')}
      destructive
      run={run}
    >
      <Stack gap="sm">
        {t('subscriber.suspendText')}
        <Select
          label={t('suspension.because')}
          value={reason}
          allowDeselect={false}
          data={reasons.map((value) => ({ value, label: t(`suspension.reason.${value}`) }))}
          onChange={setReason}
        />
        <TextInput
          label={t('subscriber.suspendReason')}
          description={t('subscriber.suspendReasonHint')}
          value={note}
          maxLength={200}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {reason !== 'administrative' && (
          <Textarea
            label={t('suspension.evidence')}
            description={t('suspension.evidenceHint')}
            value={evidence}
            maxLength={500}
            onChange={(event) => setEvidence(event.currentTarget.value)}
          />
        )}
      </Stack>
    </ConfirmDialog>
  );
}

function Resume({ subscriber, opened, onClose }: Props) {
  const [kept, setKept] = useState<string[]>([]);
  const refresh = useSuspensionChanged();
  const found = useQuery({ ...suspensionQuery(subscriber.id), enabled: opened });
  const open = (found.data?.reasons ?? []).filter((one) => one.state !== 'ended');
  const { username } = subscriber;
  const run = async () => {
    for (const one of open.filter((each) => !kept.includes(each.id))) {
      await endSuspension(subscriber.id, one.id, null);
    }
    await refresh();
    notifications.show({ message: t('subscriber.resumeDone', { username }) });
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t('subscriber.resumeTitle', { username })}
      confirm={t('subscriber.resume')}
      run={run}
    >
      <Stack gap="sm">
        {open.length > 1 ? t('suspension.resumeAll') : t('subscriber.resumeText')}
        {open.map((one) => (
          <Checkbox
            key={one.id}
            label={[lookup(`suspension.reason.${one.reason}`) ?? one.reason, one.note ?? one.evidence]
              .filter(Boolean)
              .join(' · ')}
            checked={!kept.includes(one.id)}
            onChange={(event) =>
              setKept(event.currentTarget.checked ? kept.filter((id) => id !== one.id) : [...kept, one.id])
            }
          />
        ))}
      </Stack>
    </ConfirmDialog>
  );
}
