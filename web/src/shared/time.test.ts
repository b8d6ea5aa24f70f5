import { expect, test } from 'vitest';
import { absolute, age } from './time';
import { startOfDay } from './zonedDay';

const noon = Date.parse('2026-11-21T12:00:00Z');

test('times are shown in the tenant’s zone', () => {
  expect(absolute(noon, 'Africa/Lagos')).toBe('2026-11-21 13:00:00');
  expect(absolute(noon, 'America/St_Johns', 'minute')).toBe('2026-11-21 08:30');
});

test('ages drop what is too fine to matter', () => {
  expect(age(noon - 400, noon)).toBe('just now');
  expect(age(noon - 45_000, noon)).toBe('45 s ago');
  expect(age(noon - 615_000, noon)).toBe('10 min ago');
  expect(age(noon + 7_200_000, noon)).toBe('in 2 h');
});

test('a day begins at the zone’s midnight, on both sides of a clock change', () => {
  expect(startOfDay('2026-11-21', 'Africa/Lagos')).toBe('2026-11-20T23:00:00.000Z');
  expect(startOfDay('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
  expect(startOfDay('2026-03-29', 'Europe/Berlin', 1)).toBe('2026-03-29T22:00:00.000Z');
});
