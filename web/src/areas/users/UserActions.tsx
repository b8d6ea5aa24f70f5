import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import type { User } from '../../api/types';
import { type MessageKey, t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useMe } from '../../shared/me';
import type { OneTimeSecret } from '../../shared/SecretDialog';
import { deleteUser, resetPassword, resetTotp, unlockUser, useUsersChanged } from './queries';

type Asking = 'resetPassword' | 'resetTotp' | 'delete';
type Props = { user: User; onSecret: (secret: OneTimeSecret) => void };

export function UserActions({ user, onSecret }: Props) {
  const me = useMe();
  const changed = useUsersChanged();
  const [asking, setAsking] = useState<Asking>();
  const name = user.full_name;
  const done = async (key: MessageKey) => {
    notifications.show({ message: t(key, { name }) });
    await changed();
  };

  const actions: Record<
    Asking,
    { title: MessageKey; text: MessageKey; confirm: MessageKey; run: () => Promise<void> }
  > = {
    resetPassword: {
      title: 'user.resetPasswordTitle',
      text: 'user.resetPasswordText',
      confirm: 'user.resetPassword',
      run: async () => {
        const made = await resetPassword(user.id);
        onSecret({ title: t('user.initialPassword', { name }), value: made.initial_password });
      },
    },
    resetTotp: {
      title: 'user.resetTotpTitle',
      text: 'user.resetTotpText',
      confirm: 'user.resetTotp',
      run: async () => {
        await resetTotp(user.id);
        await done('user.totpReset');
      },
    },
    delete: {
      title: 'user.deleteTitle',
      text: 'user.deleteText',
      confirm: 'do.delete',
      run: async () => {
        await deleteUser(user);
        await done('user.deleted');
      },
    },
  };
  const asked = asking && actions[asking];
  const unlock = () =>
    unlockUser(user.id)
      .then(() => done('user.unlocked'))
      .catch((error: unknown) => notifications.show({ color: 'red', message: asProblem(error).title }));

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('user.actions', { name })}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {user.is_locked && <Menu.Item onClick={unlock}>{t('user.unlock')}</Menu.Item>}
          <Menu.Item onClick={() => setAsking('resetPassword')}>{t('user.resetPassword')}</Menu.Item>
          {user.totp_enabled && <Menu.Item onClick={() => setAsking('resetTotp')}>{t('user.resetTotp')}</Menu.Item>}
          {user.id !== me.id && (
            <Menu.Item c="var(--dm-bad)" onClick={() => setAsking('delete')}>
              {t('do.delete')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked && (
        <ConfirmDialog
          opened
          onClose={() => setAsking(undefined)}
          title={t(asked.title, { name })}
          confirm={t(asked.confirm)}
          destructive={asking === 'delete'}
          run={asked.run}
        >
          {t(asked.text)}
        </ConfirmDialog>
      )}
    </>
  );
}
