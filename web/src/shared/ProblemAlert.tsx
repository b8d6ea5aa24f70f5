import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem } from '../api/problem';
import { t } from '../messages';
import { CopyAction } from './CopyAction';

type Props = { error: unknown; onRetry?: () => void; title?: string; detail?: string };

/** What happened, what it means, the stable code and the request id to quote. */
export function ProblemAlert({ error, onRetry, title, detail }: Props) {
  const problem = asProblem(error);
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={title ?? problem.title}
      styles={{
        title: { color: 'var(--dm-bad)' },
        icon: { color: 'var(--dm-bad)' },
        message: { color: 'var(--mantine-color-text)' },
      }}
      data-testid="problem"
    >
      {(detail ?? problem.detail) && <Text size="sm">{detail ?? problem.detail}</Text>}
      <Group gap="xs" mt={6}>
        <Text size="xs" c="dimmed">
          {t('problem.code')} <Code>{problem.code}</Code>
        </Text>
        {problem.requestId && (
          <Group gap={4}>
            <Text size="xs" c="dimmed">
              {t('problem.request')} <Code>{problem.requestId}</Code>
            </Text>
            <CopyAction value={problem.requestId} label={t('problem.copyRequest')} />
          </Group>
        )}
        {onRetry && (
          <Button size="compact-xs" variant="default" onClick={onRetry}>
            {t('do.retry')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
