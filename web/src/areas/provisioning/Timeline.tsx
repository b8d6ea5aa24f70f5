import { Text, VisuallyHidden } from '@mantine/core';
import { t } from '../../messages';
import type { Run } from './queries';
import { StepItem } from './StepItem';
import classes from './Timeline.module.css';

type Props = { run: Run; onRetry?: (step: string) => void };

/** Every step of a run in its order: what it was asked, what came of it, and how it was undone. */
export function Timeline({ run, onRetry }: Props) {
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
        {news && t('run.news', { step: news.name, status: t(`run.status.step.${news.status}` as never) })}
      </VisuallyHidden>
      {run.steps.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('run.noSteps')}
        </Text>
      )}
      <ol className={classes.list} aria-label={t('run.timeline')} data-testid="timeline">
        {run.steps.map((step) => (
          <StepItem key={step.name} step={step} window={[begin, end]} onRetry={onRetry && (() => onRetry(step.name))} />
        ))}
      </ol>
    </>
  );
}
