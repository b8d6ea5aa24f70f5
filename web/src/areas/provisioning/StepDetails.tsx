import { Text } from '@mantine/core';
import { t } from '../../messages';
import { Facts } from '../../shared/Facts';
import { Time } from '../../shared/time';
import type { Step } from './queries';
import { flat } from './run';
import classes from './Timeline.module.css';

/** What the step was asked, what was answered, and its times. */
export function StepDetails({ step }: { step: Step }) {
  return (
    <div className={classes.details}>
      <Data title={t('run.input')} of={step.input} />
      <Data title={t('run.output')} of={step.output} empty={t('run.noOutput')} />
      <Data title={t('run.wrote')} of={step.wrote} />
      <Facts
        of={[
          [t('run.startedAt'), step.started_at && <Time key="started" at={step.started_at} />],
          [t('run.finishedAt'), step.finished_at && <Time key="finished" at={step.finished_at} />],
          [
            t('run.key'),
            <span key="key" className="mono">
              {step.key}
            </span>,
          ],
          [t('run.attemptCount'), step.attempts > 0 && step.attempts],
          [t('run.undoAttempts'), step.undo_attempts > 0 && step.undo_attempts],
          [t('run.required'), step.required ? t('run.required.yes') : t('run.required.no')],
        ]}
      />
    </div>
  );
}

function Data({ title, of, empty }: { title: string; of: unknown; empty?: string }) {
  const rows = flat(of);
  if (rows.length === 0 && !empty) {
    return null;
  }
  return (
    <div>
      <Text size="xs" fw={600} mb={2}>
        {title}
      </Text>
      {rows.length === 0 && (
        <Text size="xs" c="dimmed">
          {empty}
        </Text>
      )}
      <dl className={classes.data}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
