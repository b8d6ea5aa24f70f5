import { Button, Stack } from '@mantine/core';
import { asProblem, type Fault } from '../../api/problem';
import { t, tn } from '../../messages';
import { ProblemAlert } from '../ProblemAlert';

type Props = { error: unknown; unplaced: Fault[]; onReload?: () => void };

/** Above a form that was refused: how many faults, those without a field, and what to do when someone else was faster. */
export function FormProblem({ error, unplaced, onReload }: Props) {
  const problem = asProblem(error);
  const stale = problem.status === 412;
  return (
    <Stack gap="xs">
      <ProblemAlert
        error={problem}
        title={problem.faults.length > 0 ? tn('form.faults', problem.faults.length) : undefined}
        detail={stale ? t('form.changed') : undefined}
        faults={unplaced}
      />
      {stale && onReload && (
        <Button variant="default" onClick={onReload}>
          {t('form.reload')}
        </Button>
      )}
    </Stack>
  );
}
