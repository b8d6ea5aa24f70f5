import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconDots,
  IconEye,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconPlugX,
  IconRoute,
  IconSwitchHorizontal,
  IconTrash,
} from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Subscriber } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useMe } from '../../shared/me';
import { RevealDialog } from '../../shared/RevealDialog';
import { ChangePlanDialog } from './ChangePlanDialog';
import { ChangeNetwork } from './change/ChangeNetwork';
import { Deprovision } from './change/Deprovision';
import { EditSubscriber } from './EditSubscriber';
import { grantsOf, mayHold } from './grants';
import { deleteSubscriber, disableSubscriber, enableSubscriber, revealPassword, useSubscriberChanged } from './queries';
import { SuspendDialog } from './SuspendDialog';

const route = getRouteApi('/app/subscribers/$key');
type Asking = 'toggle' | 'delete' | 'reveal' | 'suspend' | 'plan';

export function Actions({ subscriber }: { subscriber: Subscriber }) {
  const may = grantsOf(useMe().permissions, subscriber);
  const { edit: editing, order: ordering } = route.useSearch();
  const stay = route.useNavigate();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>();
  const changed = useSubscriberChanged();
  const { username, enabled } = subscriber;
  const isOver = subscriber.status === 'terminated';
  const inService = ['active', 'suspended', 'disconnected'].includes(subscriber.status);
  const close = () => setAsking(undefined);
  const edit = (on: boolean) => stay({ search: (now) => ({ ...now, edit: on || undefined }), replace: true });
  const order = (what: typeof ordering) => stay({ search: (now) => ({ ...now, order: what }), replace: true });
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

  const lockIcon = subscriber.suspended ? <IconLockOpen size={16} aria-hidden /> : <IconLock size={16} aria-hidden />;
  const suspendWord = t(subscriber.suspended ? 'subscriber.resume' : 'subscriber.suspend');
  const more: [shown: boolean, item: ReactNode][] = [
    [
      may.suspend && may.write && !isOver,
      <Menu.Item key="suspend" leftSection={lockIcon} onClick={() => setAsking('suspend')}>
        {suspendWord}
      </Menu.Item>,
    ],
    [
      may.plan && inService,
      <Menu.Item
        key="plan"
        leftSection={<IconSwitchHorizontal size={16} aria-hidden />}
        onClick={() => setAsking('plan')}
      >
        {t('plan.change')}
      </Menu.Item>,
    ],
    [
      may.network && inService,
      <Menu.Item key="network" leftSection={<IconRoute size={16} aria-hidden />} onClick={() => order('network')}>
        {t('network.change')}
      </Menu.Item>,
    ],
    [
      may.write,
      <Menu.Item key="reveal" leftSection={<IconEye size={16} aria-hidden />} onClick={() => setAsking('reveal')}>
        {t('subscriber.revealPassword')}
      </Menu.Item>,
    ],
    [
      may.deprovision && !isOver && mayHold(subscriber),
      <Menu.Item
        key="deprovision"
        c="var(--dm-bad)"
        leftSection={<IconPlugX size={16} aria-hidden />}
        onClick={() => order('deprovision')}
      >
        {t('deprovision.do')}
      </Menu.Item>,
    ],
    // While a service is provisioned the API refuses it: deprovisioning comes first.
    [
      may.write && !subscriber.has_service,
      <Menu.Item
        key="delete"
        c="var(--dm-bad)"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setAsking('delete')}
      >
        {t('do.delete')}
      </Menu.Item>,
    ],
  ];
  const items = more.filter(([shown]) => shown).map(([, item]) => item);

  return (
    <>
      {may.write && !isOver && (
        <Button variant="default" onClick={() => setAsking('toggle')}>
          {enabled ? t('subscriber.disable') : t('subscriber.enable')}
        </Button>
      )}
      {may.write && !isOver && (
        <Button leftSection={<IconPencil size={16} aria-hidden />} onClick={() => edit(true)}>
          {t('do.edit')}
        </Button>
      )}
      {may.suspend && !may.write && !isOver && (
        <Button variant="default" leftSection={lockIcon} onClick={() => setAsking('suspend')}>
          {suspendWord}
        </Button>
      )}
      {items.length > 0 && (
        <Menu position="bottom-end" withinPortal={false}>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t('do.more')}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>{items}</Menu.Dropdown>
        </Menu>
      )}

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
      {ordering === 'network' && may.network && (
        <ChangeNetwork subscriber={subscriber} may={may} onClose={() => order(undefined)} />
      )}
      {ordering === 'deprovision' && may.deprovision && (
        <Deprovision subscriber={subscriber} onClose={() => order(undefined)} />
      )}
      {editing && may.write && <EditSubscriber subscriber={subscriber} onClose={() => edit(false)} />}
    </>
  );
}
