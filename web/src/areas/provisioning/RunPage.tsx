import { Alert, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { TextLink } from '../../shared/links';
import { LiveMark } from '../../shared/live/LiveMark';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { runWords } from '../../shared/runWords';
import { State } from '../../shared/State';
import { RunningAge, Time } from '../../shared/time';
import { CredentialsCard } from './CredentialsCard';
import { FirstLoginCard } from './FirstLoginCard';
import { type Run, runQuery, steering } from './queries';
import { RetryDialog, RunActions } from './RunActions';
import classes from './RunPage.module.css';
import { RunState } from './RunState';
import { isOver, progress, toneOf, took } from './run';
import { useRunStream } from './streams';
import { Timeline } from './Timeline';

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
  const maySteer = useCan(steering);
  const [again, setAgain] = useState<string>();
  const { past, all } = progress(run);
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
          <span className="num">{t('run.progress', { past, all })}</span>
          {run.status === 'pending' && run.due_at && (
            <span>
              {t('run.goesOn')} <Time at={run.due_at} show="age" />
            </span>
          )}
          {!isOver(run) && run.started_at && (
            <span className="num">
              <RunningAge since={run.started_at} />
            </span>
          )}
        </Group>
      }
      actions={<RunActions run={run} />}
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
          actions={isOver(run) ? undefined : <LiveMark state={stream} />}
          className={classes.steps}
        >
          <Timeline run={run} onRetry={maySteer && run.status === 'degraded' ? setAgain : undefined} />
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
        <Text size="sm">
          {run.error_step && `${runWords('step', run.error_step)}: `}
          {run.error_message} <span className="mono">({run.error_code})</span>
        </Text>
      )}
      {run.stuck_message && (
        <Text size="sm">
          {run.stuck_step && `${runWords('step', run.stuck_step)}: `}
          {run.stuck_message} <span className="mono">({run.stuck_code})</span>
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
          [t('run.startedBy'), run.started_by],
          [t('run.createdAt'), <Time key="created" at={run.created_at} />],
          [t('run.finishedAt'), run.finished_at && <Time key="finished" at={run.finished_at} />],
          [t('run.took'), ms !== undefined && took(ms)],
          [t('run.definition'), `${run.definition} ${t('run.version', { version: run.version })}`],
          [
            t('run.parent'),
            run.parent_id && (
              <TextLink key="parent" to="/provisioning/runs" search={{ parent: run.parent_id }} inherit>
                {run.parent_id.slice(0, 8)}
              </TextLink>
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
