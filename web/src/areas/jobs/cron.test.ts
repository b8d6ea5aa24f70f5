import { expect, test } from 'vitest';
import { cronWords } from './cron';

test.each([
  ['0 30 2 * * ?', 'Every day at 02:30'],
  ['0 0 6,18 ? * *', 'Every day at 06:00, 18:00'],
  ['0 5 * * * ?', 'Every hour at minute 05'],
  ['0 0/15 * * * ?', 'Every 15 min'],
  ['0 10 */4 * * ?', 'Every 4 h at minute 10'],
  ['0 0 3 ? * MON-FRI', 'Mon, Tue, Wed, Thu, Fri at 03:00'],
  ['0 0 3 ? * 1,7', 'Sun, Sat at 03:00'],
  ['0 0 4 1 * ?', 'On day 1 of each month at 04:00'],
  ['0 0 4 L * ?', 'On the last day of each month at 04:00'],
])('%s is told in words', (cron, words) => expect(cronWords(cron)).toBe(words));

test.each(['15 0 3 * * ?', '0 0 3 * JAN ?', '0 0 3 ? * 6#3', '0 0 3 15W * ?', '0 30 2 * * ? 2027', 'nonsense', ''])(
  '%s is left as it is',
  (cron) => expect(cronWords(cron)).toBeUndefined(),
);
