import { Badge, Button, Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { lookup, t, tn } from '../../messages';
import { runWords } from '../../shared/runWords';
import { Time } from '../../shared/time';
import type { Step } from './queries';
import { isSimulated, markOf, took, willRepeat } from './run';
import { StepDetails } from './StepDetails';
import { StepMark } from './StepMark';
import classes from './Timeline.module.css';

type Props = { step: Step; window: [begin: number, end: number]; onRetry?: () => void };

/** One step: its mark, what it is, where it acts, how long it took; opened it tells what was asked and answered. */
export function StepItem({ step, window, onRetry }: Props) {
  const id = useId();
  const mark = markOf(step);
  const bad = mark === 'failed' || mark === 'undo_failed';
  const [chosen, setChosen] = useState<boolean>();
  const opened = chosen ?? bad;
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
              {willRepeat(step)
                ? t('run.status.step.again')
                : (lookup(`run.status.step.${step.status}`) ?? step.status)}
            </span>
            <span className={`${classes.took} num`}>
              {step.duration_ms != null && began ? took(step.duration_ms) : ''}
            </span>
          </span>
        </UnstyledButton>
        <Bar step={step} window={window} />
        <Notes step={step} />
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
function Notes({ step }: { step: Step }) {
  const tries = step.attempts > 1 && tn('run.attempts', step.attempts);
  return (
    <>
      {(step.note || tries) && (
        <Text size="sm" c="dimmed">
          {[step.note, tries].filter(Boolean).join(' · ')}
        </Text>
      )}
      {step.error_message && (
        <Text size="sm" c="var(--dm-bad)">
          {step.error_message} <span className="mono">({step.error_code})</span>
        </Text>
      )}
      {!step.required && step.status === 'failed' && (
        <Text size="sm" c="var(--dm-warn)">
          {t('run.optionalFailed')}
        </Text>
      )}
      {step.undone_at && (
        <Text size="sm" c="dimmed">
          {t('run.undoneAt')} <Time at={step.undone_at} />
          {step.undo_note && ` · ${step.undo_note}`}
        </Text>
      )}
      {step.undo_message && (
        <Text size="sm" c="var(--dm-bad)">
          {t('run.undoFailed')}: {step.undo_message} <span className="mono">({step.undo_code})</span>
        </Text>
      )}
    </>
  );
}
