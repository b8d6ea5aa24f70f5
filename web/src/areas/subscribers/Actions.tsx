import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconDots,
  IconEye,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconSwitchHorizontal,
  IconTrash,
} from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Subscriber } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { RevealDialog } from '../../shared/RevealDialog';
import { ChangePlanDialog } from './ChangePlanDialog';
import { EditSubscriber } from './EditSubscriber';
import { deleteSubscriber, disableSubscriber, enableSubscriber, revealPassword, useSubscriberChanged } from './queries';
import { SuspendDialog } from './SuspendDialog';

const route = getRouteApi('/app/subscribers/$key');
type Asking = 'toggle' | 'delete' | 'reveal' | 'suspend' | 'plan';

export function Actions({ subscriber }: { subscriber: Subscriber }) {
  const mayWrite = useCan('isp.radius.write');
  const mayConfigure = useCan('isp.oss.configure');
  const editing = route.useSearch({ select: (search) => search.edit });
  const stay = route.useNavigate();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>();
  const changed = useSubscriberChanged();
  const { username, enabled } = subscriber;

  if (!mayWrite) {
    return null;
  }
  const close = () => setAsking(undefined);
  const edit = (on: boolean) => stay({ search: (now) => ({ ...now, edit: on || undefined }), replace: true });
  const toggle = async () => {
    await (enabled ? disableSubscriber(subscriber.id) : enableSubscriber(subscriber.id));
    await changed();
    notifications.show({ message: t(enabled ? 'subscriber.disabled' : 'subscriber.enabledDone', { username }) });
  };
  const remove = async () => {
    await deleteSubscriber(subscriber);
    notifications.show({ message: t('subscriber.deleted', { username }) });
    await navigate({ to: '/subscribers' });
    await changed();
  };

  return (
    <>
      <Button variant="default" onClick={() => setAsking('toggle')}>
        {enabled ? t('subscriber.disable') : t('subscriber.enable')}
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
            leftSection={
              subscriber.suspended ? <IconLockOpen size={16} aria-hidden /> : <IconLock size={16} aria-hidden />
            }
            onClick={() => setAsking('suspend')}
          >
            {t(subscriber.suspended ? 'subscriber.resume' : 'subscriber.suspend')}
          </Menu.Item>
          {mayConfigure && (
            <Menu.Item leftSection={<IconSwitchHorizontal size={16} aria-hidden />} onClick={() => setAsking('plan')}>
              {t('plan.change')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconEye size={16} aria-hidden />} onClick={() => setAsking('reveal')}>
            {t('subscriber.revealPassword')}
          </Menu.Item>
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
        opened={asking === 'toggle'}
        onClose={close}
        title={t(enabled ? 'subscriber.disableTitle' : 'subscriber.enableTitle', { username })}
        confirm={enabled ? t('subscriber.disable') : t('subscriber.enable')}
        destructive={enabled}
        run={toggle}
      >
        {enabled ? t('subscriber.disableText') : t('subscriber.enableText')}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'delete'}
        onClose={close}
        title={t('subscriber.deleteTitle', { username })}
        confirm={t('do.delete')}
        destructive
        run={remove}
      >
        {t('subscriber.deleteText')}
      </ConfirmDialog>
      <RevealDialog
        opened={asking === 'reveal'}
        onClose={close}
        title={t('subscriber.revealPassword')}
        note={t('subscriber.revealNote')}
        read={async () => (await revealPassword(subscriber.id)).password}
      />
      <SuspendDialog subscriber={subscriber} opened={asking === 'suspend'} onClose={close} />
      {asking === 'plan' && <ChangePlanDialog subscriber={subscriber} onClose={close} />}
      {editing && <EditSubscriber subscriber={subscriber} onClose={() => edit(false)} />}
    </>
  );
}
