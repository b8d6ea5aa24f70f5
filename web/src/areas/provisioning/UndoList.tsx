import { Text, Title } from '@mantine/core';
import { useId } from 'react';
import { t, tn } from '../../messages';
import { runWords } from '../../shared/runWords';
import { RunningUntil, Time } from '../../shared/time';
import { Cause } from './Cause';
import type { Run, Step } from './queries';
import { type Mark, markOf, undoing } from './run';
import { StepMark } from './StepMark';
import classes from './Timeline.module.css';

/** How a run is taken back: the steps in the order in which they are undone, last first. */
export function UndoList({ run }: { run: Run }) {
  const id = useId();
  const steps = undoing(run);
  if (steps.length === 0) {
    return null;
  }
  return (
    <div className={classes.back}>
      <Title order={3} size="h4" id={id}>
        {t('run.undoing')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('run.undoingHint')}
      </Text>
      <ol className={classes.list} aria-labelledby={id} data-testid="undoing">
        {steps.map((step) => (
          <Undone key={step.name} step={step} run={run} />
        ))}
      </ol>
    </div>
  );
}

/** What is done and not yet taken back waits for it, or stays when the run has been given up. */
const wordOf = (step: Step, run: Run) =>
  step.status === 'done'
    ? t(run.status === 'given_up' ? 'run.undo.left' : 'run.undo.waiting')
    : t(`run.status.step.${step.status}` as never);

function Undone({ step, run }: { step: Step; run: Run }) {
  const mark: Mark = step.status === 'done' ? 'waiting' : markOf(step);
  const repeats = step.status === 'undoing' && step.undo_code !== null;
  return (
    <li className={classes.item} data-step={step.name} data-testid="undo-step">
      <StepMark mark={repeats ? 'again' : mark} />
      <div className={classes.body}>
        <div className={classes.head}>
          <span className={classes.title}>
            <Text span fw={550}>
              {runWords('step', step.name)}
            </Text>
            <Text span size="xs" c="dimmed">
              {runWords('target', step.target)}
            </Text>
          </span>
          <span className={classes.state}>
            <span className={classes.word} data-mark={mark}>
              {wordOf(step, run)}
            </span>
            {step.undone_at && (
              <Text span size="sm" c="dimmed">
                <Time at={step.undone_at} />
              </Text>
            )}
          </span>
        </div>
        {(step.undo_note || step.undo_attempts > 1) && (
          <Text size="sm" c="dimmed">
            {[step.undo_note, step.undo_attempts > 1 && tn('run.attempts', step.undo_attempts)]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        )}
        {step.undo_message && <Cause code={step.undo_code} message={step.undo_message} />}
        {repeats && run.due_at && (
          <Text size="sm" fw={550}>
            {t('run.nextAttempt')} <RunningUntil at={run.due_at} past={t('run.anyMoment')} />
          </Text>
        )}
      </div>
    </li>
  );
}
