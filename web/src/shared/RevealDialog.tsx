import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { t } from '../messages';
import { ProblemAlert } from './ProblemAlert';
import { Secret } from './Secret';

type Props = { opened: boolean; onClose: () => void; title: string; note: string; read: () => Promise<string> };

/** Reads a secret only after saying that the read is recorded; forgets it on closing. */
export function RevealDialog({ opened, onClose, title, note, read }: Props) {
  const secret = useMutation({ mutationFn: read, gcTime: 0 });
  const close = () => {
    secret.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <Stack>
        <Text size="sm">{note}</Text>
        {secret.isError && <ProblemAlert error={secret.error} />}
        {secret.data !== undefined && <Secret label={title} value={secret.data} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {t('do.close')}
          </Button>
          {secret.data === undefined && (
            <Button loading={secret.isPending} onClick={() => secret.mutate()}>
              {t('do.reveal')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
