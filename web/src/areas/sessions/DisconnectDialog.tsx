import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DisconnectResult, Session } from '../../api/types';
import { lookup, t } from '../../messages';
import { bytes, duration } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { disconnect } from './disconnect';

/** One NAS's answer in words: who, what it said, its Error-Cause, how long it took. */
export function Answer({ result }: { result: DisconnectResult }) {
  const acknowledged = result.outcome === 'ack';
  return (
    <Alert
      color={acknowledged ? 'teal' : 'red'}
      variant="light"
      role="status"
      data-testid="disconnect-answer"
      data-outcome={result.outcome}
      title={lookup(`disconnect.outcome.${result.outcome}`) ?? result.outcome}
      styles={{
        title: { color: acknowledged ? 'var(--dm-ok)' : 'var(--dm-bad)' },
        message: { color: 'var(--mantine-color-text)' },
      }}
    >
      <Text size="sm">
        {result.nas?.shortname ?? t('disconnect.noNas')}
        {result.error_cause && `: ${result.error_cause.name} (${result.error_cause.value})`}
        {result.message && `. ${result.message}`}
      </Text>
      <Text size="xs" c="dimmed">
        {t('disconnect.took', { ms: result.duration_ms, attempts: result.attempts })}
      </Text>
      {!acknowledged && !result.message && (
        <Text size="sm" mt={4}>
          {lookup(`disconnect.hint.${result.outcome}`)}
        </Text>
      )}
    </Alert>
  );
}

type Props = { session: Session; onClose: () => void };

/** Asks once, names who is cut off, then shows what the NAS answered. */
export function DisconnectDialog({ session, onClose }: Props) {
  const queries = useQueryClient();
  const cut = useMutation({
    mutationFn: () => disconnect({ session_id: session.id }),
    onSettled: () => queries.invalidateQueries(),
  });
  const facts = [
    session.nas && t('disconnect.via', { nas: session.nas.shortname }),
    session.framed_ipv4_address,
    t('disconnect.since', { age: duration(session.duration_seconds) }),
    t('disconnect.moved', { bytes: bytes(session.uploaded_bytes + session.downloaded_bytes) }),
  ].filter(Boolean);

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('disconnect.title', { username: session.username ?? session.acct_session_id })}
    >
      <Stack>
        {!cut.data && (
          <Text size="sm" component="div">
            {t('disconnect.text')}
            <List size="sm" mt="xs">
              {facts.map((fact) => (
                <List.Item key={fact}>{fact}</List.Item>
              ))}
            </List>
          </Text>
        )}
        {cut.isError && <ProblemAlert error={cut.error} />}
        {cut.data?.results.map((result) => (
          <Answer key={result.session_id} result={result} />
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {cut.data ? t('do.close') : t('do.cancel')}
          </Button>
          {!cut.data && (
            <Button color="red.8" loading={cut.isPending} onClick={() => cut.mutate()} data-testid="confirm">
              {t('disconnect.do')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
