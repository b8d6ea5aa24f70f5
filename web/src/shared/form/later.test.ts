import { expect, test } from 'vitest';
import { laterOf } from './later';

const now = Date.parse('2026-11-22T12:00:00Z');

test('a minute to come is an instant of the zone, none is now, and one that is over is said', () => {
  expect(laterOf('', 'Africa/Lagos', now)).toEqual({});
  expect(laterOf('2026-11-23T03:00', 'Africa/Lagos', now)).toEqual({ at: '2026-11-23T02:00:00.000Z' });
  expect(laterOf('2026-11-22T12:30', 'Africa/Lagos', now)).toEqual({ past: true });
  expect(laterOf('2026-02-31T12:30', 'UTC', now)).toEqual({ past: true });
});
