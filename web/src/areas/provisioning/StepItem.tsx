import { Badge, Button, Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { lookup, t, tn } from '../../messages';
import { runWords } from '../../shared/runWords';
import { RunningUntil } from '../../shared/time';
import { Cause } from './Cause';
import type { Step } from './queries';
import { isSimulated, markOf, took, willRepeat } from './run';
import { StepDetails } from './StepDetails';
import { StepMark } from './StepMark';
import classes from './Timeline.module.css';

type Props = {
  step: Step;
  window: [begin: number, end: number];
  /** When the next attempt is made, of a step that waits for one. */
  dueAt?: string;
  /** How often it is tried before it counts as failed. */
  most?: number;
  opened?: boolean;
  /** The run does not go forward any more: what has not begun never will. */
  ended?: boolean;
  onRetry?: () => void;
};

/** One step: its mark, what it is, where it acts, how long it took; opened it tells what was asked and answered. */
export function StepItem({ step, window, dueAt, most, opened: all, ended, onRetry }: Props) {
  const id = useId();
  const mark = markOf(step);
  const bad = mark === 'failed' || mark === 'undo_failed';
  const [chosen, setChosen] = useState<boolean>();
  const opened = chosen ?? all ?? bad;
  const began = step.attempts > 0;
  return (
    <li className={classes.item} data-step={step.name} data-status={step.status} data-testid="step">
      <StepMark mark={mark} />
      <div className={classes.body}>
        <UnstyledButton
          className={classes.head}
          aria-expanded={opened}
          aria-controls={id}
          disabled={!began}
          onClick={() => setChosen(!opened)}
        >
          <span className={classes.title}>
            <IconChevronRight
              size={14}
              aria-hidden
              className={classes.chevron}
              data-opened={opened}
              data-hidden={!began}
            />
            <Text span fw={550} td={mark === 'undone' ? 'line-through' : undefined}>
              {runWords('step', step.name)}
            </Text>
            <Text span size="xs" c="dimmed">
              {runWords('target', step.target)}
            </Text>
          </span>
          <span className={classes.state}>
            {isSimulated(step) && (
              <Badge size="sm" variant="outline" color="gray" className={classes.simulated} data-testid="simulated">
                {t('run.simulated')}
              </Badge>
            )}
            <span className={classes.word} data-mark={mark}>
              {ended && step.status === 'waiting'
                ? t('run.notReached')
                : mark === 'again'
                  ? t('run.status.step.again')
                  : (lookup(`run.status.step.${step.status}`) ?? step.status)}
            </span>
            <span className={`${classes.took} num`}>
              {step.duration_ms != null && began && mark !== 'again' ? took(step.duration_ms) : ''}
            </span>
          </span>
        </UnstyledButton>
        <Bar step={step} window={window} />
        <Notes step={step} dueAt={dueAt} most={most} />
        <Collapse expanded={opened} id={id}>
          {began && <StepDetails step={step} />}
        </Collapse>
        {onRetry && (mark === 'failed' || mark === 'absent') && (
          <Group mt={6}>
            <Button size="compact-sm" variant="default" onClick={onRetry} data-testid="retry-step">
              {mark === 'absent' ? t('run.retryAbsent') : t('run.retryStep')}
            </Button>
          </Group>
        )}
      </div>
    </li>
  );
}

/** When in the run the step was at work: the picture of a slow one. */
function Bar({ step, window: [begin, end] }: Pick<Props, 'step' | 'window'>) {
  if (!step.started_at) {
    return null;
  }
  const from = Date.parse(step.started_at);
  const to = step.finished_at ? Date.parse(step.finished_at) : Date.now();
  const share = (at: number) => Math.min(100, Math.max(0, (100 * (at - begin)) / (end - begin)));
  return (
    <span className={classes.track} aria-hidden="true">
      <span
        className={classes.bar}
        data-mark={markOf(step)}
        style={{ insetInlineStart: `${Math.min(99, share(from))}%`, width: `${Math.max(1, share(to) - share(from))}%` }}
      />
    </span>
  );
}

/** What is worth reading without opening the step. */
function Notes({ step, dueAt, most }: Pick<Props, 'step' | 'dueAt' | 'most'>) {
  const again = willRepeat(step);
  const tries =
    step.attempts > 1 &&
    (again && most ? t('run.attemptOf', { attempts: step.attempts, most }) : tn('run.attempts', step.attempts));
  return (
    <>
      {(step.note || tries) && (
        <Text size="sm" c="dimmed">
          {[step.note, tries].filter(Boolean).join(' · ')}
        </Text>
      )}
      {step.error_message && <Cause code={step.error_code} message={step.error_message} />}
      {again && dueAt && (
        <Text size="sm" fw={550} data-testid="next-attempt">
          {t('run.nextAttempt')} <RunningUntil at={dueAt} past={t('run.anyMoment')} />
        </Text>
      )}
      {!step.required && step.status === 'failed' && (
        <Text size="sm" c="var(--dm-warn)">
          {t('run.optionalFailed')}
        </Text>
      )}
    </>
  );
}
