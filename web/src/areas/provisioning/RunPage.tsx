import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { ButtonLink, TextLink } from '../../shared/links';
import { LiveMark } from '../../shared/live/LiveMark';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { runWords } from '../../shared/runWords';
import { State } from '../../shared/State';
import { RunningAge, RunningUntil, Time, useZone } from '../../shared/time';
import { isOrderable } from './again';
import { Cause } from './Cause';
import { CredentialsCard } from './CredentialsCard';
import { FirstLoginCard } from './FirstLoginCard';
import { type Run, runQuery, steering } from './queries';
import { RetryDialog, RunActions } from './RunActions';
import classes from './RunPage.module.css';
import { RunState } from './RunState';
import { isOver, progress, toneOf, took, undoing } from './run';
import { useRunStream } from './streams';
import { Timeline } from './Timeline';
import { waits } from './waits';

const route = getRouteApi('/app/provisioning/runs/$id');

/** One run as it goes: its steps, what they were asked and answered, and what an operator may do. */
export function RunPage() {
  const { id } = route.useParams();
  const run = useQuery(runQuery(id));
  if (run.isError && !run.data) {
    return (
      <Page title={t('run.title')} lead={<TextLink to="/provisioning/runs">{t('runs.title')}</TextLink>}>
        <ProblemAlert error={run.error} onRetry={() => run.refetch()} />
      </Page>
    );
  }
  return run.data ? <Found run={run.data} /> : <Skeleton height={480} />;
}

function Found({ run }: { run: Run }) {
  const stream = useRunStream(run.id, !isOver(run));
  const zone = useZone();
  const maySteer = useCan(steering);
  const [again, setAgain] = useState<string>();
  const { past, all } = progress(run);
  const undo = undoing(run);
  const [opened, setOpened] = useState<boolean>();
  return (
    <Page
      title={t('run.of', { definition: runWords('definition', run.definition), subject: run.subject_label })}
      lead={
        <Group gap={8} mt={4}>
          <TextLink to="/provisioning/runs" size="sm">
            {t('runs.title')}
          </TextLink>
          <RunState run={run} />
          {run.cancel_requested && !isOver(run) && <State tone="warn">{t('run.cancelling')}</State>}
          {all > 0 && run.status !== 'compensated' && (
            <span className="num">
              {undo.length > 0
                ? t('run.undoProgress', {
                    past: undo.filter((step) => step.status === 'undone').length,
                    all: undo.length,
                  })
                : t('run.progress', { past, all })}
            </span>
          )}
          {run.status === 'pending' && run.due_at && !waits(run, zone) && (
            <span className="num">
              {t('run.goesOn')} <RunningUntil at={run.due_at} past={t('run.anyMoment')} />
            </span>
          )}
          {!isOver(run) && run.started_at && (
            <span className="num">
              {t('run.since')} <RunningAge since={run.started_at} />
            </span>
          )}
        </Group>
      }
      actions={
        <>
          {maySteer && isOrderable(run) && (
            <ButtonLink to="/provisioning/new" search={{ from: run.id }}>
              {t('order.again')}
            </ButtonLink>
          )}
          <RunActions run={run} />
        </>
      }
    >
      {run.is_unknown && (
        <Alert color="red" variant="light" styles={{ message: { color: 'var(--mantine-color-text)' } }}>
          {t('run.unknown')}
        </Alert>
      )}
      <Verdict run={run} />
      <div className={classes.page}>
        <Stack className={classes.news}>
          <CredentialsCard run={run} />
          <FirstLoginCard run={run} />
        </Stack>
        <Card
          title={t('run.timeline')}
          actions={
            <Group gap="xs">
              {run.steps.some((step) => step.attempts > 0) && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => setOpened(!opened)}
                  aria-pressed={opened ?? false}
                >
                  {opened ? t('run.closeAll') : t('run.openAll')}
                </Button>
              )}
              {!isOver(run) && <LiveMark state={stream} />}
            </Group>
          }
          className={classes.steps}
        >
          <Timeline run={run} opened={opened} onRetry={maySteer && run.status === 'degraded' ? setAgain : undefined} />
        </Card>
        <div className={classes.about}>
          <About run={run} />
        </div>
      </div>
      {again && <RetryDialog run={run} step={again} onClose={() => setAgain(undefined)} />}
    </Page>
  );
}

/** How it ended, in a sentence, where that is not simply well. */
function Verdict({ run }: { run: Run }) {
  const tone = toneOf(run);
  if (run.status === 'completed' || !(isOver(run) || run.status === 'compensating')) {
    return null;
  }
  const held = ['stuck', 'given_up'].includes(run.status) ? undoing(run).filter((one) => one.status !== 'undone') : [];
  return (
    <Alert
      variant="light"
      title={t(`run.verdict.${run.status}` as never)}
      styles={{
        root: { background: `var(--dm-${tone}-soft)` },
        title: { color: `var(--dm-${tone})` },
        message: { color: 'var(--mantine-color-text)' },
      }}
      data-testid="verdict"
    >
      {run.error_message && (
        <Cause
          lead={t(run.status === 'degraded' ? 'run.lead.lacks' : 'run.lead.turned', {
            step: run.error_step ? runWords('step', run.error_step) : t('run.lead.nobody'),
          })}
          code={run.error_code}
          message={run.error_message}
        />
      )}
      {run.stuck_message && (
        <Cause
          lead={t('run.lead.stuck', { step: run.stuck_step ? runWords('step', run.stuck_step) : '?' })}
          code={run.stuck_code}
          message={run.stuck_message}
        />
      )}
      {held.length > 0 && (
        <Text size="sm" data-testid="still-held">
          <strong>{t('run.lead.held')}: </strong>
          {held.map((step) => runWords('step', step.name)).join(', ')}
        </Text>
      )}
      {run.closed_reason && (
        <Text size="sm">
          {t('run.closed', { by: run.closed_by ?? '?' })}: {run.closed_reason}
        </Text>
      )}
      <Text size="sm">{t(`run.verdict.${run.status}.do` as never)}</Text>
    </Alert>
  );
}

function About({ run }: { run: Run }) {
  const ms = run.started_at && run.finished_at ? Date.parse(run.finished_at) - Date.parse(run.started_at) : undefined;
  return (
    <Card title={t('run.about')}>
      <Facts
        of={[
          [
            t('run.subject'),
            run.subject_id && !(run.definition === 'provision' && run.status === 'compensated') ? (
              <TextLink key="subject" to="/subscribers/$key" params={{ key: run.subject_id }} inherit>
                {run.subject_label}
              </TextLink>
            ) : (
              run.subject_label
            ),
          ],
          [t('order.username'), run.subject_name !== run.subject_label && run.subject_name],
          [t('run.startedBy'), run.started_by],
          [t('run.createdAt'), <Time key="created" at={run.created_at} />],
          [t('run.finishedAt'), run.finished_at && <Time key="finished" at={run.finished_at} />],
          [t('run.took'), ms !== undefined && took(ms)],
          [t('run.definition'), `${run.definition} ${t('run.version', { version: run.version })}`],
          [
            t('run.parent'),
            run.parent_id && (
              <Group key="parent" gap={8}>
                {run.definition === 'repair' ? (
                  <TextLink to="/reconciliation" search={{ repair: run.parent_id }} inherit>
                    {t('repairs.parent')}
                  </TextLink>
                ) : (
                  <TextLink to="/bulk" search={{ job: run.parent_id }} inherit>
                    {t('run.parentJob')}
                  </TextLink>
                )}
                <TextLink to="/provisioning/runs" search={{ parent: run.parent_id }} inherit>
                  {t('run.parentRuns')}
                </TextLink>
              </Group>
            ),
          ],
          [
            t('run.id'),
            <span key="id" className="mono">
              {run.id}
            </span>,
          ],
        ]}
      />
    </Card>
  );
}
