import { Alert, Button, Group } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../../messages';
import { count } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { verifyChain } from './queries';

/** The button that checks the whole chain, and its verdict below. */
export function VerifyChain({ children }: { children: ReactNode }) {
  const check = useMutation({ mutationFn: verifyChain });
  const verdict = check.data;
  return (
    <>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconShieldCheck size={16} aria-hidden />}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t('audit.verify')}
        </Button>
        {children}
      </Group>
      {check.isError && <ProblemAlert error={check.error} />}
      {verdict && (
        <Alert
          role="status"
          color={verdict.ok ? 'teal' : 'red'}
          data-testid="chain"
          title={verdict.ok ? t('audit.verified') : t('audit.broken', { seq: verdict.first_bad_seq ?? '?' })}
          styles={{
            title: { color: verdict.ok ? 'var(--dm-ok)' : 'var(--dm-bad)' },
            message: { color: 'var(--mantine-color-text)' },
          }}
        >
          {t(verdict.ok ? 'audit.verifiedText' : 'audit.brokenText', { count: count(verdict.checked) })}
        </Alert>
      )}
    </>
  );
}
