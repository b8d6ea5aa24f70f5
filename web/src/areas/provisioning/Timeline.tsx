import { Text, VisuallyHidden } from '@mantine/core';
import { t } from '../../messages';
import { runWords } from '../../shared/runWords';
import { type Run, useMostAttempts } from './queries';
import { RunWaits } from './RunWaits';
import { isOver } from './run';
import { StepItem } from './StepItem';
import classes from './Timeline.module.css';
import { UndoList } from './UndoList';

type Props = { run: Run; opened?: boolean; onRetry?: (step: string) => void };

/** Every step of a run in its order: what it was asked, what came of it, and how it was undone. */
export function Timeline({ run, opened, onRetry }: Props) {
  const most = useMostAttempts(run);
  const begin = Date.parse(run.started_at ?? run.created_at);
  const end = Math.max(
    begin + 1,
    ...run.steps.map((step) =>
      step.finished_at ? Date.parse(step.finished_at) : step.started_at ? Date.now() : begin,
    ),
  );
  const news = run.steps.findLast((step) => step.status !== 'waiting');
  return (
    <>
      <VisuallyHidden aria-live="polite">
        {news &&
          t('run.news', { step: runWords('step', news.name), status: t(`run.status.step.${news.status}` as never) })}
      </VisuallyHidden>
      {run.steps.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('run.noSteps')}
        </Text>
      )}
      <RunWaits run={run} mb="sm" />
      <ol className={classes.list} aria-label={t('run.timeline')} data-testid="timeline">
        {run.steps.map((step) => (
          <StepItem
            key={`${step.name}${opened}`}
            step={step}
            window={[begin, end]}
            dueAt={run.status === 'pending' || run.status === 'running' ? (run.due_at ?? undefined) : undefined}
            most={most(step.name)}
            opened={opened}
            ended={isOver(run) || run.status === 'compensating'}
            onRetry={onRetry && (() => onRetry(step.name))}
          />
        ))}
      </ol>
      <UndoList run={run} />
    </>
  );
}
