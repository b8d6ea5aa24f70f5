import { Button, Input, PasswordInput, SegmentedControl, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
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
      circuit_id: search.circuit ?? '',
      remote_id: search.remote ?? '',
    } as Record<'username' | 'password' | 'method' | 'circuit_id' | 'remote_id', string> & { nas_id: string | null },
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the faults of one answer are shown once
  useEffect(() => {
    if (error) {
      showFaults(form, error);
    }
  }, [error]);

  const ask = (values: typeof form.values) => {
    const { username, nas_id, method, circuit_id, remote_id } = values;
    void navigate({
      replace: true,
      search: {
        username: username || undefined,
        nas: nas_id ?? undefined,
        method: methods.find((known) => known === method),
        circuit: circuit_id || undefined,
        remote: remote_id || undefined,
      },
    });
    onAsk({ ...values, nas_id, circuit_id: circuit_id || null, remote_id: remote_id || null });
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
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            {...bind('circuit_id')}
            label={t('subscriber.circuit_id')}
            placeholder="olt1 eth 0/1/3:101"
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'mono' }}
          />
          <TextInput
            {...bind('remote_id')}
            label={t('subscriber.remote_id')}
            description={t('authTest.lineHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'mono' }}
          />
        </SimpleGrid>
        <Button type="submit" loading={pending}>
          {t('authTest.run')}
        </Button>
      </Stack>
    </form>
  );
}
