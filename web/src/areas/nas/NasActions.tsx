import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDots, IconEye, IconPencil, IconTrash } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Nas } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { RevealDialog } from '../../shared/RevealDialog';
import { EditNas } from './EditNas';
import { deleteNas, revealSecret, useNasChanged } from './queries';

const route = getRouteApi('/app/nas/$id');

export function NasActions({ nas }: { nas: Nas }) {
  const mayWrite = useCan('isp.radius.write');
  const editing = route.useSearch({ select: (search) => search.edit });
  const stay = route.useNavigate();
  const navigate = useNavigate();
  const changed = useNasChanged();
  const [asking, setAsking] = useState<'delete' | 'reveal'>();
  if (!mayWrite) {
    return null;
  }
  const name = nas.shortname;
  const close = () => setAsking(undefined);
  const edit = (on: boolean) => stay({ search: { edit: on || undefined }, replace: true });
  const remove = async () => {
    await deleteNas(nas);
    notifications.show({ message: t('nas.deleted', { name }) });
    await navigate({ to: '/nas' });
    await changed();
  };
  return (
    <>
      <Button variant="default" leftSection={<IconEye size={16} aria-hidden />} onClick={() => setAsking('reveal')}>
        {t('nas.reveal')}
      </Button>
      <Button leftSection={<IconPencil size={16} aria-hidden />} onClick={() => edit(true)}>
        {t('do.edit')}
      </Button>
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('do.more')}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            c="var(--dm-bad)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setAsking('delete')}
          >
            {t('do.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking === 'delete'}
        onClose={close}
        title={t('nas.deleteTitle', { name })}
        confirm={t('do.delete')}
        destructive
        run={remove}
      >
        {t('nas.deleteText', { count: nas.online_sessions })}
      </ConfirmDialog>
      <RevealDialog
        opened={asking === 'reveal'}
        onClose={close}
        title={t('nas.reveal')}
        note={t('nas.revealNote')}
        read={async () => (await revealSecret(nas.id)).secret}
      />
      {editing && <EditNas nas={nas} onClose={() => edit(false)} />}
    </>
  );
}
