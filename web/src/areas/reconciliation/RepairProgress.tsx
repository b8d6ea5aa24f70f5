import { Button, Group, Modal, Progress, ScrollArea, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { lookup, t, tn } from '../../messages';
import { count } from '../../shared/format';
import { ButtonLink, TextLink } from '../../shared/links';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { isEnded, type Line, linesOf, sumsOf } from './many';
import { repairsQuery, useFindingsChanged } from './queries';
import { leftOf, type Mending, whyStopped } from './sending';

/** The first are those that somebody has to look at. */
const mostShown = 300;

type Props = {
  /** Of each go that began something; none when nothing was begun. */
  ids: string[];
  /** What this tab knows of it: also those that were not begun, and those that were not sent. */
  mending: Mending | undefined;
  sending: boolean;
  onGoOn: () => void;
  onClose: () => void;
};

/** What becomes of each finding that was to be repaired, also of those that were not begun. */
export function RepairProgress({ ids, mending, sending, onGoOn, onClose }: Props) {
  const refresh = useFindingsChanged();
  const repairs = useQueries({ queries: ids.map((id) => repairsQuery(id, 1_000 * ids.length)) });
  const over = !sending && repairs.every((one) => one.data?.over === true);
  // The list behind it has other findings, once the last is mended.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once when it is over, not when the function is another.
  useEffect(() => {
    if (over) {
      refresh();
    }
  }, [over]);
  const lines = linesOf(
    repairs.flatMap((one) => one.data?.items ?? []),
    mending?.answers ?? [],
    mending?.asked ?? [],
  );
  const isStopped = mending !== undefined && !sending && leftOf(mending) > 0;
  const failed = repairs.find((one) => one.isError && !one.data);
  const startedAt = mending?.at ?? repairs[0]?.data?.started_at;
  const total = mending?.asked.length ?? lines.length;
  const ended = lines.filter((line) => isEnded(line.state)).length;
  const part = (states: Line['state'][]) =>
    total === 0 ? 0 : (100 * lines.filter((line) => states.includes(line.state)).length) / total;
  return (
    <Modal opened onClose={onClose} size="lg" title={t('repairs.progress')}>
      <Stack data-testid="repair-progress">
        {failed && <ProblemAlert error={failed.error} onRetry={() => failed.refetch()} />}
        {repairs.some((one) => one.isPending) && lines.length === 0 && <Skeleton height={120} />}
        {total > 0 && (
          <>
            <div role="status">
              <Text size="sm" fw={600}>
                {t('repairs.ended', { ended: count(ended), total: count(total) })}
              </Text>
              {sending && mending && (
                <Text size="sm">{t('repairs.sent', { sent: count(mending.answers.length), total: count(total) })}</Text>
              )}
              <Text size="sm" data-testid="repair-sums">
                {sumsOf(lines)
                  .filter(([state]) => isEnded(state))
                  .map(([state, many]) => t(`repairs.sum.${state as 'repaired'}`, { many: count(many) }))
                  .join(' · ')}
              </Text>
              {startedAt && (
                <Text size="xs" c="dimmed">
                  {t('repairs.askedAt')} <Time at={startedAt} show="minute" />
                </Text>
              )}
            </div>
            <Progress.Root size="lg">
              <Progress.Section
                value={part(['repaired', 'gone'])}
                color="teal.7"
                aria-label={t('repairs.state.repaired')}
              />
              <Progress.Section
                value={part(['failed', 'refused', 'under_way'])}
                color="red.8"
                aria-label={t('repairs.state.failed')}
              />
            </Progress.Root>
          </>
        )}
        {isStopped && <NotSent of={mending} onGoOn={onGoOn} />}
        {lines.length > 0 && (
          <ScrollArea.Autosize mah={isStopped ? 220 : 420} type="auto" tabIndex={0}>
            <Table fz="sm" verticalSpacing={6} aria-label={t('repairs.progress')}>
              <Table.Tbody>
                {lines.slice(0, mostShown).map((line) => (
                  <Row key={`${line.id} ${line.run}`} line={line} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        )}
        {lines.length > mostShown && (
          <Text size="sm" c="dimmed">
            {t('repairs.moreLines', { many: count(lines.length - mostShown) })}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          {ids.map((id, index) => (
            <ButtonLink key={id} to="/provisioning/runs" search={{ parent: id }} variant="default">
              {ids.length === 1 ? t('repairs.runs') : t('repairs.runsOf', { go: index + 1 })}
            </ButtonLink>
          ))}
          <Button onClick={onClose}>{t('do.close')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** What is left when sending has stopped: why, and the way to go on. */
function NotSent({ of, onGoOn }: { of: Mending; onGoOn: () => void }) {
  const why = whyStopped(of);
  return (
    <Stack gap="xs" data-testid="not-sent">
      <Text size="sm" fw={600}>
        {tn('repairs.notSent', leftOf(of))}
      </Text>
      {why && <ProblemAlert error={why} />}
      <Text size="sm">
        {!why && `${t('repairs.left')} `}
        {t('repairs.restHint')}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onGoOn} data-testid="send-rest">
          {tn('repairs.sendRest', leftOf(of))}
        </Button>
      </Group>
    </Stack>
  );
}

const tones = {
  repaired: 'ok',
  gone: 'ok',
  failed: 'bad',
  refused: 'warn',
  under_way: 'idle',
  running: 'idle',
  waiting: 'idle',
} as const;

function Row({ line }: { line: Line }) {
  const name = [line.label, line.kind && (lookup(`finding.${line.kind}`) ?? line.kind)].filter(Boolean).join(' · ');
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {line.run ? (
          <TextLink to="/provisioning/runs/$id" params={{ id: line.run }} inherit>
            {name || line.id}
          </TextLink>
        ) : (
          name || line.id
        )}
        {line.what && (
          <Text size="xs" c="dimmed">
            {line.what}
          </Text>
        )}
        {line.code && (
          <Text size="xs" c="var(--dm-bad)">
            {[line.detail, line.code].filter(Boolean).join(' ')}
          </Text>
        )}
        {line.waitsFor && (
          <Text size="xs" c="dimmed">
            <TextLink to="/provisioning/runs/$id" params={{ id: line.waitsFor }} inherit>
              {t('repairs.waitsFor')}
            </TextLink>
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap', verticalAlign: 'top', textAlign: 'right' }}>
        <State tone={tones[line.state]}>{t(`repairs.state.${line.state}`)}</State>
      </Table.Td>
    </Table.Tr>
  );
}
