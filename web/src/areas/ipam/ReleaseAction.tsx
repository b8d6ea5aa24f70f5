import { ActionIcon, Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useIpamChanged } from './queries';

type Props = { name: string; text: string; release: (force: boolean) => Promise<unknown> };

/** Gives back what somebody holds. What a line carries is refused once, with the reason; then it can be forced. */
export function ReleaseAction({ name, text, release }: Props) {
  const refresh = useIpamChanged();
  const [asking, setAsking] = useState(false);
  const [isCarried, setCarried] = useState(false);
  const [force, setForce] = useState(false);
  const close = () => {
    setAsking(false);
    setCarried(false);
    setForce(false);
  };
  const run = async () => {
    await release(force).catch((error: unknown) => {
      setCarried(asProblem(error).code.endsWith('.in_use'));
      throw error;
    });
    await refresh();
    notifications.show({ message: t('ipam.released', { address: name }) });
  };
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('ipam.release', { address: name })}
        onClick={() => setAsking(true)}
      >
        <IconArrowBackUp size={16} aria-hidden />
      </ActionIcon>
      <ConfirmDialog
        opened={asking}
        onClose={close}
        title={t('ipam.releaseTitle', { address: name })}
        confirm={t('ipam.releaseConfirm')}
        destructive
        run={run}
      >
        {text}
        {isCarried && (
          <Checkbox
            mt="sm"
            label={t('ipam.releaseForce')}
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />
        )}
      </ConfirmDialog>
    </>
  );
}
