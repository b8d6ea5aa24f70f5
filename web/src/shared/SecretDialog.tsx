import { Button, Modal, Stack, Text } from '@mantine/core';
import { t } from '../messages';
import { Secret } from './Secret';

export type OneTimeSecret = { title: string; value: string };

/** A secret the server gives out once. It closes only on the button. */
export function SecretDialog({ secret, onClose }: { secret: OneTimeSecret; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={secret.title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm">{t('form.secretOnce')}</Text>
        <Secret label={secret.title} value={secret.value} />
        <Button onClick={onClose}>{t('do.done')}</Button>
      </Stack>
    </Modal>
  );
}
