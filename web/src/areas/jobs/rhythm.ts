import { t } from '../../messages';
import { duration } from '../../shared/format';
import type { Schedule } from './queries';

/** How often: the cron expression as it is, or the interval in words. */
export const rhythm = (of: Pick<Schedule, 'cron' | 'interval_seconds'>) =>
  of.cron ?? (of.interval_seconds == null ? '' : t('jobs.every', { interval: duration(of.interval_seconds) }));
