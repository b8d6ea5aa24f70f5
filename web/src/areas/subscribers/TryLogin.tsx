import { Button, Code, Modal, PasswordInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import { lookup, t } from '../../messages';
import { useNasList } from '../../shared/lookups';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';

/** Runs the decision with a typed password, as if a NAS had asked, and shows the reply it would get. */
export function TryLogin({ username }: { username: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpened(true)}>
        {t('subscriber.test')}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`${t('subscriber.test')}: ${username}`}>
        <Trial username={username} />
      </Modal>
    </>
  );
}

function Trial({ username }: { username: string }) {
  const [password, setPassword] = useState('');
  const [method, setMethod] = useState<'pap' | 'chap'>('pap');
  const [nas, setNas] = useState<string | null>(null);
  const list = useNasList();
  const run = useMutation({
    mutationFn: () =>
      take(api.POST('/api/v1/radius/test/auth', { body: { username, password, method, nas_id: nas ?? undefined } })),
  });
  const answer = run.data;

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('subscriber.testHint')}
        </Text>
        <PasswordInput
          label={t('subscriber.password')}
          autoComplete="off"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Select
          label={t('session.nas')}
          placeholder={t('list.any')}
          clearable
          data={list.map((one) => ({ value: one.id, label: one.shortname }))}
          value={nas}
          onChange={setNas}
        />
        <SegmentedControl
          aria-label={t('subscriber.testMethod')}
          value={method}
          onChange={(next) => setMethod(next as typeof method)}
          data={[
            { value: 'pap', label: 'PAP' },
            { value: 'chap', label: 'CHAP' },
          ]}
        />
        <Button type="submit" loading={run.isPending}>
          {t('subscriber.testRun')}
        </Button>
        {run.isError && <ProblemAlert error={run.error} />}
        {answer && (
          <div role="status">
            <State tone={answer.outcome === 'accept' ? 'ok' : 'bad'}>
              {lookup(`decision.${answer.code}`) ?? answer.code}
            </State>
            <Text size="sm" my={4}>
              {answer.detail ?? lookup(`decision.${answer.code}.do`)}
            </Text>
            {answer.reply.length > 0 && (
              <Code block>{answer.reply.map(({ name, value }) => `${name} = ${value}`).join('\n')}</Code>
            )}
          </div>
        )}
      </Stack>
    </form>
  );
}
