import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { Fault } from '../../api/problem';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { FormProblem } from '../../shared/form/FormProblem';
import { showFaults } from '../../shared/form/faults';

const empty = { current_password: '', new_password: '', repeat: '' };

export function PasswordCard() {
  const queries = useQueryClient();
  const [unplaced, setUnplaced] = useState<Fault[]>([]);
  const form = useForm({
    initialValues: empty,
    validate: { repeat: (value, values) => (value === values.new_password ? null : t('account.repeatWrong')) },
  });
  const change = useMutation({
    mutationFn: ({ current_password, new_password }: typeof empty) =>
      take(api.POST('/api/v1/auth/password', { body: { current_password, new_password } })),
    onSuccess: async () => {
      form.reset();
      notifications.show({ message: t('account.changed'), color: 'teal' });
      await queries.invalidateQueries({ queryKey: ['me'] });
    },
    onError: (error) => setUnplaced(showFaults(form, error)),
  });

  return (
    <Card title={t('account.password')}>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="sm" maw={380}>
          {change.isError && <FormProblem error={change.error} unplaced={unplaced} />}
          <PasswordInput
            label={t('account.current')}
            autoComplete="current-password"
            required
            {...form.getInputProps('current_password')}
          />
          <PasswordInput
            label={t('account.new')}
            autoComplete="new-password"
            required
            {...form.getInputProps('new_password')}
          />
          <PasswordInput
            label={t('account.repeat')}
            autoComplete="new-password"
            required
            {...form.getInputProps('repeat')}
          />
          <Button type="submit" loading={change.isPending} style={{ alignSelf: 'start' }}>
            {t('account.change')}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
