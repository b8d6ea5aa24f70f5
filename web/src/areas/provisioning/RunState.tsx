import { lookup } from '../../messages';
import { State } from '../../shared/State';
import type { Run } from './queries';
import { toneOf } from './run';

export const RunState = ({ run }: { run: Pick<Run, 'status'> }) => (
  <State tone={toneOf(run)} testId="run-status">
    {lookup(`run.status.${run.status}`) ?? run.status}
  </State>
);
