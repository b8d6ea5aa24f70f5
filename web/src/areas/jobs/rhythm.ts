import { t } from '../../messages';
import { duration } from '../../shared/format';
import { cronWords } from './cron';
import type { Schedule } from './queries';

/** How often, in words; the cron expression itself where there are no words for it. */
export const rhythm = (of: Pick<Schedule, 'cron' | 'interval_seconds'>) =>
  (of.cron && (cronWords(of.cron) ?? of.cron)) ??
  (of.interval_seconds == null ? '' : t('jobs.every', { interval: duration(of.interval_seconds) }));
