import { NumberInput, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { topUp, useQuotaChanged } from './queries';

type Props = { id: string; end: string; opened: boolean; onClose: () => void };

export function TopUpDialog({ id, end, opened, onClose }: Props) {
  const [gigabytes, setGigabytes] = useState<number | string>(10);
  const [note, setNote] = useState('');
  const refresh = useQuotaChanged();
  const run = async () => {
    await topUp(id, { bytes: Math.round(Number(gigabytes) * 1e9), note: note.trim() || null });
    await refresh();
    notifications.show({ message: t('quota.topUpDone'), color: 'teal' });
  };
  return (
    <ConfirmDialog opened={opened} onClose={onClose} title={t('quota.topUpTitle')} confirm={t('quota.topUp')} run={run}>
      <Stack gap="sm">
        {t('quota.topUpText', { end })}
        <NumberInput
          label={t('quota.gigabytes')}
          value={gigabytes}
          onChange={setGigabytes}
          min={0.001}
          hideControls
          clampBehavior="none"
        />
        <TextInput
          label={t('quota.note')}
          value={note}
          maxLength={200}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
