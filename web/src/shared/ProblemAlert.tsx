import { Alert, Button, Code, Group, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem, type Fault } from '../api/problem';
import { lookup, t } from '../messages';
import { CopyAction } from './CopyAction';

type Props = {
  error: unknown;
  onRetry?: () => void;
  title?: string;
  detail?: string;
  /** Those that are listed here; all of them, unless a form has placed some at its fields. */
  faults?: Fault[];
};

/** What the screens call a field; its own name where they have none for it. */
const nameOf = (field: string) => {
  const last = field.split('.').at(-1) ?? '';
  const word = ['order', 'subscriber', 'line', 'run'].map((area) => lookup(`${area}.${last}`)).find(Boolean);
  return word ?? field;
};

/** What happened, what it means, the stable code and the request id to quote. */
export function ProblemAlert({ error, onRetry, title, detail, faults }: Props) {
  const problem = asProblem(error);
  const listed = faults ?? problem.faults;
  // The server's sentence about several faults only points to their list, which stands here.
  const said = detail ?? (problem.faults.length > 0 ? undefined : problem.detail);
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={title ?? problem.title}
      styles={{
        root: { background: 'var(--dm-bad-soft)' },
        title: { color: 'var(--dm-bad)' },
        icon: { color: 'var(--dm-bad)' },
        message: { color: 'var(--mantine-color-text)' },
      }}
      data-testid="problem"
    >
      {said && <Text size="sm">{said}</Text>}
      {listed.length > 0 && (
        <List size="sm" data-testid="faults">
          {listed.map((fault) => (
            <List.Item key={`${fault.field}${fault.code}${fault.message}`}>
              {fault.field && <span title={fault.field}>{nameOf(fault.field)}: </span>}
              {fault.message}
            </List.Item>
          ))}
        </List>
      )}
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
