import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, take } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Body } from '../../api/types';
import { Logo } from '../../app/Logo';
import { t } from '../../messages';
import { LoginProblem } from './LoginProblem';
import { PasswordStep } from './PasswordStep';
import { SecondStep } from './SecondStep';

const route = getRouteApi('/login');
type Attempt = Omit<Body<'/api/v1/auth/login', 'post'>, 'use_cookie'>;
type Credentials = Pick<Attempt, 'email' | 'password'>;

export function LoginPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [credentials, setCredentials] = useState<Credentials>();

  useEffect(() => {
    document.title = `${t('login.title')} · ${t('app.name')}`;
  }, []);

  const login = useMutation({
    mutationFn: (attempt: Attempt) => take(api.POST('/api/v1/auth/login', { body: { ...attempt, use_cookie: true } })),
    onSuccess: () => {
      queries.clear();
      router.history.push(next ?? '/');
    },
    onError: (error, attempt) => {
      if (asProblem(error).code === 'auth.totp_required') {
        setCredentials({ email: attempt.email, password: attempt.password });
      }
    },
  });

  const needsCode = login.isError && asProblem(login.error).code === 'auth.totp_required';
  const problem = login.isError && !needsCode ? asProblem(login.error) : undefined;

  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper bg="var(--dm-surface)" bd="1px solid var(--dm-line)" p="xl" w="100%" maw={400} radius="md">
        <Stack>
          <Group gap="sm">
            <Logo size={40} />
            <div>
              <Title order={1}>{credentials ? t('login.totpTitle') : t('login.title')}</Title>
              <Text size="sm" c="dimmed">
                {t('app.name')} · {t('login.lead')}
              </Text>
            </div>
          </Group>
          {problem && <LoginProblem problem={problem} />}
          {credentials ? (
            <SecondStep
              busy={login.isPending}
              onEdit={login.reset}
              onCode={(code) => login.mutate({ ...credentials, ...code })}
              onStartOver={() => {
                login.reset();
                setCredentials(undefined);
              }}
            />
          ) : (
            <PasswordStep busy={login.isPending} onEdit={login.reset} onSubmit={(typed) => login.mutate(typed)} />
          )}
        </Stack>
      </Paper>
    </Center>
  );
}
