import { t } from '../../messages';
import { runWords } from '../../shared/runWords';
import { absolute } from '../../shared/time';
import type { RunHead } from './queries';

type Waiting = Pick<RunHead, 'status' | 'cancel_requested' | 'not_before' | 'waits_for' | 'waits_for_definition'>;

/**
 * What a run that has not begun waits for, in words; `behind` is the run that goes before it. Undefined when it only waits for a worker or
 * its next attempt, and when it is being cancelled: then it waits for nobody.
 */
export function waits(run: Waiting, zone: string, now = Date.now()): { words: string; behind?: string } | undefined {
  if (run.status !== 'pending' || run.cancel_requested) {
    return undefined;
  }
  if (run.waits_for) {
    const other = run.waits_for_definition ? `“${runWords('definition', run.waits_for_definition)}”` : t('run.another');
    return { words: t('run.waitsFor', { run: other }), behind: run.waits_for };
  }
  return run.not_before && Date.parse(run.not_before) > now
    ? { words: t('run.beginsOn', { at: absolute(run.not_before, zone, 'minute') }) }
    : undefined;
}
