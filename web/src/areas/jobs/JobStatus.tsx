import { lookup, t } from '../../messages';
import { TextLink } from '../../shared/links';
import { State } from '../../shared/State';
import { toneOf } from '../provisioning/run';

/** What came of a job, and the way to its run. */
export function JobStatus({ status, run }: { status: string; run?: string | null }) {
  const word = lookup(`run.status.${status}`) ?? lookup(`jobs.status.${status}`) ?? status;
  const state = <State tone={toneOf({ status })}>{word}</State>;
  return run && status !== 'forgotten' ? (
    <TextLink to="/provisioning/runs/$id" params={{ id: run }} title={t('jobs.openRun')}>
      {state}
    </TextLink>
  ) : (
    state
  );
}
