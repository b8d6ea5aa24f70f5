import { expect, test } from 'vitest';
import { emptySchedule, readJson, sentOf } from './fields';

test('a cron and an interval are never sent together', () => {
  expect(sentOf({ ...emptySchedule, way: 'cron' })).toMatchObject({ cron: '0 30 2 * * ?', interval_seconds: null });
  expect(sentOf({ ...emptySchedule, way: 'interval' })).toMatchObject({ cron: null, interval_seconds: 3600 });
});

test('parameters are JSON, nothing is an empty object, and what is broken is left for the server to refuse', () => {
  expect(readJson('{"a": 1}')).toEqual({ a: 1 });
  expect(readJson(' ')).toEqual({});
  expect(readJson('{a')).toBe('{a');
});
