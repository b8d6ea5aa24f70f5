import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { t } from '../../messages';

type Credentials = { email: string; password: string };
type Props = { busy: boolean; onEdit: () => void; onSubmit: (credentials: Credentials) => void };

export function PasswordStep({ busy, onEdit, onSubmit }: Props) {
  const form = useForm<Credentials>({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    onValuesChange: onEdit,
  });
  return (
    <form onSubmit={form.onSubmit(onSubmit)}>
      <Stack gap="sm">
        <TextInput
          label={t('login.email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          withAsterisk={false}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t('login.password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} mt="xs" size="md">
          {t('login.submit')}
        </Button>
      </Stack>
    </form>
  );
}
