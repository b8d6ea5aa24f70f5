import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { type Deed, type Onu, operate, usePonChanged, writing } from './queries';

const deedsOf = (onu: Onu): Deed[] => {
  if (onu.admin === 'discovered') {
    return [];
  }
  return onu.admin === 'enabled' ? ['reboot', 'disable', 'delete'] : ['enable', 'delete'];
};

/** What can be told to an ONU; each is asked once more. */
export function OnuActions({ onu }: { onu: Onu }) {
  const mayWrite = useCan(writing);
  const refresh = usePonChanged();
  const [asked, setAsked] = useState<Deed>();
  const deeds = deedsOf(onu);
  if (!mayWrite || deeds.length === 0) {
    return null;
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t('do.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {deeds.map((deed) => (
            <Menu.Item key={deed} color={deed === 'delete' ? 'red' : undefined} onClick={() => setAsked(deed)}>
              {t(`pon.do.${deed}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {asked && (
        <ConfirmDialog
          opened
          onClose={() => setAsked(undefined)}
          title={t(`pon.ask.${asked}`)}
          confirm={t(`pon.do.${asked}`)}
          destructive={asked !== 'enable'}
          run={async () => {
            await operate(onu.serial, asked);
            await refresh();
            notifications.show({ message: t('pon.done', { serial: onu.serial }) });
          }}
        >
          {t(`pon.ask.${asked}Text`, { label: onu.label ?? onu.serial })}
        </ConfirmDialog>
      )}
    </>
  );
}
