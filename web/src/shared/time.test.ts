import { expect, test } from 'vitest';
import { absolute, age } from './time';
import { instant, readMinute, startOfDay } from './zonedDay';

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

test('a wall-clock minute is an instant of the zone, and what is no minute reads as absent', () => {
  expect(instant('2026-11-21T03:12', 'Africa/Lagos')).toBe('2026-11-21T02:12:00.000Z');
  expect(instant('2026-11-21T03:12', 'America/St_Johns')).toBe('2026-11-21T06:42:00.000Z');
  expect(instant('2026-10-25T12:00', 'Europe/Berlin')).toBe('2026-10-25T11:00:00.000Z');
  expect(readMinute('2026-11-21T03:12')).toBe('2026-11-21T03:12');
  expect(readMinute('2026-11-21T03:12:30')).toBe('2026-11-21T03:12');
  expect(['yesterday', '2026-13-40T99:99', '2026-02-31T03:12', '', undefined, 7].map(readMinute)).toEqual(
    Array(6).fill(undefined),
  );
});
