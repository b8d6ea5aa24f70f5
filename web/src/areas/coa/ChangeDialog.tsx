import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import type { Session } from '../../api/types';
import { lookup, t } from '../../messages';
import { AttributeTable } from '../../shared/AttributeTable';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { Warnings } from '../../shared/Warnings';
import { OrderFields } from './OrderFields';
import { changeSession, type Order } from './queries';
import { kinds } from './search';
import { Verification } from './Verification';

const changes = kinds.filter((kind) => kind !== 'disconnect');
type Change = (typeof changes)[number];

/** Changes a running session at its NAS: what is sent, what the NAS said, and what accounting proves. */
export function ChangeDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<Change>('rate');
  const [order, setOrder] = useState<Order>({});
  const run = useMutation({
    mutationFn: () => changeSession(session.id, kind, order),
    onSettled: () => queries.invalidateQueries(),
  });
  const faults = Object.fromEntries(
    (run.error ? asProblem(run.error).faults : []).map((fault) => [fault.field, fault.message]),
  );
  const answer = run.data;
  const well = answer?.result.outcome === 'ack';
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('coa.changeTitle', { username: session.username ?? session.acct_session_id })}
      size="lg"
    >
      <Stack gap="sm">
        {!answer && (
          <>
            <Select
              label={t('coa.kind')}
              allowDeselect={false}
              value={kind}
              data={changes.map((value) => ({ value, label: t(`coa.kind.${value}`) }))}
              onChange={(next) => {
                setKind(changes.find((one) => one === next) ?? 'rate');
                setOrder({});
                run.reset();
              }}
              data-autofocus
            />
            <OrderFields kind={kind} order={order} faults={faults} onChange={setOrder} />
            <Text size="xs" c="dimmed">
              {t(`coa.note.${kind}`)}
            </Text>
          </>
        )}
        {run.isError && <ProblemAlert error={run.error} />}
        {answer && (
          <Stack gap="sm" role="status" data-testid="coa-answer" data-outcome={answer.result.outcome}>
            <Alert
              color={well ? 'teal' : 'red'}
              variant="light"
              title={lookup(`coa.outcome.${answer.result.outcome}`) ?? answer.result.outcome}
              styles={{
                title: { color: well ? 'var(--dm-ok)' : 'var(--dm-bad)' },
                message: { color: 'var(--mantine-color-text)' },
              }}
            >
              <Text size="sm">
                {answer.result.nas?.shortname ?? t('disconnect.noNas')}
                {answer.result.error_cause &&
                  `: ${answer.result.error_cause.name} (${answer.result.error_cause.value})`}
                {`. ${answer.result.message}`}
              </Text>
              {answer.result.asked_again_at && (
                <Text size="sm">
                  {t('coa.askedAgain')} <Time at={answer.result.asked_again_at} />
                </Text>
              )}
              {answer.dropped && <Text size="sm">{t('coa.dropped')}</Text>}
              <Text size="xs" c="dimmed">
                {t('disconnect.took', { ms: answer.result.duration_ms, attempts: answer.result.attempts })}
              </Text>
            </Alert>
            <Warnings of={answer.warnings} />
            {answer.sent.length > 0 && <AttributeTable label={t('coa.sent')} attributes={answer.sent} />}
            {well && (
              <>
                <Verification session={session.id} kind={kind} />
                <Text size="xs" c="dimmed">
                  {t('coa.proof')}
                </Text>
              </>
            )}
          </Stack>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {answer ? t('do.close') : t('do.cancel')}
          </Button>
          {!answer && (
            <Button loading={run.isPending} onClick={() => run.mutate()} data-testid="confirm">
              {t('coa.send')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
