import { type MessageKey, t } from '../../messages';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const two = (value: string) => value.padStart(2, '0');
const isNumber = (value: string | undefined): value is string => value !== undefined && /^\d{1,2}$/.test(value);

/** Names of the days of a week field (1 or SUN is Sunday; lists and ranges); undefined when it says something else. */
function weekdays(field: string): number[] | undefined {
  const of = (word: string) =>
    /^[1-7]$/.test(word) ? Number(word) - 1 : days.indexOf(word.toLowerCase() as (typeof days)[number]);
  const found = field.split(',').flatMap((part) => {
    const [from = '', to = from] = part.split('-');
    const [first, last] = [of(from), of(to)];
    return first < 0 || last < first ? [-1] : Array.from({ length: last - first + 1 }, (_, n) => first + n);
  });
  return found.includes(-1) ? undefined : found;
}

/** A cron expression in words, where it is one of the usual kinds; undefined where only the expression itself says it. */
export function cronWords(cron: string): string | undefined {
  const [second, minute = '', hour = '', day = '', month, week = '', year] = cron.trim().toUpperCase().split(/\s+/);
  if (second !== '0' || month !== '*' || (year !== undefined && year !== '*')) {
    return undefined;
  }
  const everyDay = (day === '*' || day === '?') && (week === '?' || week === '*');
  const step = /^(?:\*|0)\/(\d{1,2})$/;
  if (everyDay && hour === '*') {
    const minutes = minute === '*' ? '1' : step.exec(minute)?.[1];
    return minutes !== undefined
      ? t('jobs.cron.everyMinutes', { minutes })
      : isNumber(minute)
        ? t('jobs.cron.hourly', { minute: two(minute) })
        : undefined;
  }
  const hours = step.exec(hour)?.[1];
  if (everyDay && hours !== undefined && isNumber(minute)) {
    return t('jobs.cron.everyHours', { hours, minute: two(minute) });
  }
  if (!isNumber(minute) || !/^\d{1,2}(,\d{1,2})*$/.test(hour)) {
    return undefined;
  }
  const at = hour
    .split(',')
    .map((one) => `${two(one)}:${two(minute)}`)
    .join(', ');
  if (everyDay) {
    return t('jobs.cron.daily', { at });
  }
  if (day === '?') {
    const named = weekdays(week);
    return named && t('jobs.cron.weekly', { at, days: named.map((n) => t(`day.${days[n]}` as MessageKey)).join(', ') });
  }
  if (week !== '?') {
    return undefined;
  }
  return isNumber(day)
    ? t('jobs.cron.monthly', { at, day: Number(day) })
    : day === 'L'
      ? t('jobs.cron.lastDay', { at })
      : undefined;
}
