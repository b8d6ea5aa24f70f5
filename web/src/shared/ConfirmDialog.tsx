import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../messages';
import { ProblemAlert } from './ProblemAlert';

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  confirm: string;
  destructive?: boolean;
  /** What is asked for is not there yet: confirming would do nothing. */
  disabled?: boolean;
  run: () => Promise<unknown>;
};

/** Asks once, runs, and stays open with the reason when the server refuses. Focus starts on Cancel. */
export function ConfirmDialog(props: Props) {
  const { opened, onClose, title, children, confirm, destructive = false, disabled = false, run } = props;
  const action = useMutation({ mutationFn: run, onSuccess: onClose });
  const close = () => {
    action.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        {action.isError && <ProblemAlert error={action.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t('do.cancel')}
          </Button>
          <Button
            color={destructive ? 'red.8' : undefined}
            loading={action.isPending}
            disabled={disabled}
            onClick={() => action.mutate()}
            data-testid="confirm"
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
