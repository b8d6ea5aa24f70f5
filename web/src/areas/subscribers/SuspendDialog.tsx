import { Checkbox, Select, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Subscriber } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { ProblemAlert } from '../../shared/ProblemAlert';
import {
  addSuspension,
  endSuspension,
  namesOf,
  type Reason,
  reasons,
  resumed,
  type Suspension,
  suspensionQuery,
  useSuspensionChanged,
} from './suspensions';

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
  const chosen = open.filter((one) => !kept.includes(one.id));
  const { username } = subscriber;
  const run = async () => {
    const ended: Reason[] = [];
    let after: Suspension | undefined;
    try {
      for (const one of chosen) {
        after = await endSuspension(subscriber.id, one.id, null);
        ended.push(one);
      }
    } finally {
      // Also when the second of three was refused: the list then shows which are left.
      await refresh();
    }
    notifications.show(resumed(username, ended, after?.reasons ?? []));
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t('subscriber.resumeTitle', { username })}
      confirm={t('subscriber.resume')}
      disabled={!found.isSuccess || chosen.length === 0}
      run={run}
    >
      <Stack gap="sm">
        {found.isError && <ProblemAlert error={found.error} onRetry={() => found.refetch()} />}
        {found.isPending && <Skeleton height={40} />}
        {found.isSuccess &&
          (open.length === 0 ? (
            t('suspension.noneOpen')
          ) : (
            <>
              {open.length > 1 ? t('suspension.resumeAll') : t('subscriber.resumeText')}
              {open.map((one) => (
                <Checkbox
                  key={one.id}
                  label={[namesOf([one]), one.note ?? one.evidence].filter(Boolean).join(' · ')}
                  checked={!kept.includes(one.id)}
                  onChange={(event) =>
                    setKept(event.currentTarget.checked ? kept.filter((id) => id !== one.id) : [...kept, one.id])
                  }
                />
              ))}
              {chosen.length === 0 && (
                <Text size="sm" c="dimmed">
                  {t('suspension.chooseOne')}
                </Text>
              )}
            </>
          ))}
      </Stack>
    </ConfirmDialog>
  );
}
