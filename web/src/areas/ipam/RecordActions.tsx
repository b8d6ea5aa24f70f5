import { ActionIcon, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useIpamChanged } from './queries';

type Props = { name: string; onEdit?: () => void; remove: () => Promise<unknown>; children?: ReactNode };

/** Change and remove, beside a row. */
export function RecordActions({ name, onEdit, remove, children }: Props) {
  const [asking, setAsking] = useState(false);
  const refresh = useIpamChanged();
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      {children}
      {onEdit && (
        <ActionIcon variant="subtle" color="gray" aria-label={t('ipam.edit', { name })} onClick={onEdit}>
          <IconPencil size={16} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon variant="subtle" color="gray" aria-label={t('ipam.remove', { name })} onClick={() => setAsking(true)}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('ipam.removeTitle', { name })}
        confirm={t('do.delete')}
        destructive
        run={async () => {
          await remove();
          await refresh();
          notifications.show({ message: t('ipam.removed', { name }) });
        }}
      >
        {t('ipam.removeText')}
      </ConfirmDialog>
    </Group>
  );
}
