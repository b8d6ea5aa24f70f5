import { Button, Input, PasswordInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { t } from '../../messages';
import { showFaults } from '../../shared/form/faults';
import { useNasList } from '../../shared/lookups';
import type { Question } from './AuthTestPage';
import { methods } from './search';

const route = getRouteApi('/app/auth-test');

type Props = { error: unknown; pending: boolean; onAsk: (question: Question) => void };

export function AuthTestForm({ error, pending, onAsk }: Props) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const nasList = useNasList();
  const form = useForm({
    mode: 'controlled',
    initialValues: {
      username: search.username ?? '',
      password: '',
      nas_id: search.nas ?? null,
      method: search.method ?? methods[0],
    } as { username: string; password: string; nas_id: string | null; method: string },
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the faults of one answer are shown once
  useEffect(() => {
    if (error) {
      showFaults(form, error);
    }
  }, [error]);

  const ask = (values: typeof form.values) => {
    const { username, nas_id, method } = values;
    void navigate({
      replace: true,
      search: {
        username: username || undefined,
        nas: nas_id ?? undefined,
        method: methods.find((known) => known === method),
      },
    });
    onAsk({ ...values, nas_id: nas_id ?? undefined });
  };
  const bind = (name: keyof typeof form.values) => ({ name, ...form.getInputProps(name) });

  return (
    <form onSubmit={form.onSubmit(ask)} noValidate>
      <Stack gap="sm">
        <TextInput
          {...bind('username')}
          label={t('subscriber.username')}
          required
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <PasswordInput
          {...bind('password')}
          label={t('subscriber.password')}
          description={t('authTest.passwordHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          autoComplete="off"
        />
        <Input.Wrapper label={t('subscriber.testMethod')} labelElement="div">
          <SegmentedControl
            fullWidth
            aria-label={t('subscriber.testMethod')}
            value={form.values.method}
            onChange={(method) => form.setFieldValue('method', method)}
            data={methods.map((value) => ({ value, label: value.toUpperCase() }))}
          />
        </Input.Wrapper>
        <Select
          {...bind('nas_id')}
          label={t('session.nas')}
          description={t('authTest.nasHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={t('authTest.anyNas')}
          clearable
          searchable
          data={nasList.map((one) => ({ value: one.id, label: `${one.shortname} (${one.vendor})` }))}
        />
        <Button type="submit" loading={pending}>
          {t('authTest.run')}
        </Button>
      </Stack>
    </form>
  );
}
