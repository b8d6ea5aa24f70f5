import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '../../messages';
import { ProblemAlert } from '../../shared/ProblemAlert';

type Props = { title: string; text: string; run: (password: string) => Promise<unknown>; onClose: () => void };

/** Asks for the password again before something that weakens the account. */
export function PasswordGate({ title, text, run, onClose }: Props) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const action = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['me'] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          action.mutate(password);
        }}
      >
        <Stack>
          <Text size="sm">{text}</Text>
          {action.isError && <ProblemAlert error={action.error} />}
          <PasswordInput
            label={t('account.current')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('do.cancel')}
            </Button>
            <Button type="submit" loading={action.isPending}>
              {title}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
