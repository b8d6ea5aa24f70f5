import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../messages';
import { CopyAction } from '../../shared/CopyAction';
import { Facts } from '../../shared/Facts';
import { Time } from '../../shared/time';
import { DataValue } from './DataValue';
import { pathWords } from './dataWords';
import type { Step } from './queries';
import { worth } from './run';
import classes from './Timeline.module.css';

/** What the step was asked, what was answered, and its times. */
export function StepDetails({ step }: { step: Step }) {
  return (
    <div className={classes.details}>
      <Data title={t('run.input')} of={step.input} rows={worth(step.input)} />
      <Data title={t('run.output')} of={step.output} rows={worth(step.output)} empty={t('run.noOutput')} />
      <Data title={t('run.wrote')} of={step.wrote} rows={worth(step.wrote, step.output)} />
      {step.failed_attempts.length > 0 && <Failures of={step.failed_attempts} />}
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

/** Why earlier attempts failed, also when a later one did it. */
function Failures({ of }: { of: Step['failed_attempts'] }) {
  return (
    <div>
      <Text size="xs" fw={600} mb={2}>
        {t('run.failedAttempts')}
      </Text>
      <ol className={classes.failures}>
        {of.map((attempt) => (
          <li key={attempt.at}>
            <Time at={attempt.at} /> ·{' '}
            {t(attempt.move === 'undo' ? 'run.failedUndo' : 'run.failedDo', { ms: attempt.duration_ms })}{' '}
            {attempt.message} <span className="mono">{attempt.code}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** So many rows are shown at once; the rest when asked for. */
const few = 8;

type DataProps = { title: string; of: unknown; rows: [name: string, value: string][]; empty?: string };

function Data({ title, of, rows, empty }: DataProps) {
  const [all, setAll] = useState(false);
  if (rows.length === 0 && !empty) {
    return null;
  }
  return (
    <div>
      <Group gap={4} mb={2}>
        <Text size="xs" fw={600}>
          {title}
        </Text>
        {rows.length > 0 && (
          <CopyAction value={JSON.stringify(of, null, 2)} label={t('run.copyJson', { what: title })} />
        )}
      </Group>
      {rows.length === 0 && (
        <Text size="xs" c="dimmed">
          {empty}
        </Text>
      )}
      <dl className={classes.data}>
        {(all ? rows : rows.slice(0, few)).map(([name, value]) => (
          <div key={name}>
            <dt title={name}>{pathWords(name)}</dt>
            <dd>
              <DataValue path={name} value={value} />
            </dd>
          </div>
        ))}
      </dl>
      {rows.length > few && (
        <Button size="compact-xs" variant="subtle" mt={2} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? t('run.fewer') : t('run.allRows', { count: rows.length })}
        </Button>
      )}
    </div>
  );
}
