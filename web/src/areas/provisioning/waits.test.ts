import { describe, expect, test } from 'vitest';
import { waits } from './waits';

const now = Date.parse('2026-11-21T12:00:00Z');
const run = {
  status: 'pending',
  cancel_requested: false,
  not_before: '2026-11-28T23:30:00Z',
  waits_for: null,
  waits_for_definition: null,
};
const said = (of: Partial<typeof run> | object) => waits({ ...run, ...of }, 'Africa/Lagos', now);

test('one that was ordered for later says when it begins, in the tenant’s zone', () => {
  expect(said({})).toEqual({ words: 'Begins on 2026-11-29 00:30' });
});

test('one whose subject another run has says which, and leads there', () => {
  expect(said({ waits_for: 'r1', waits_for_definition: 'change_plan' })).toEqual({
    words: 'Waits for “Change plan” to end',
    behind: 'r1',
  });
  expect(said({ waits_for: 'r1' })?.words).toBe('Waits for another run to end');
});

describe('nothing is said of what waits for nobody', () => {
  test.each([
    ['its time has come', { not_before: '2026-11-21T11:59:00Z' }],
    ['it was ordered for now', { not_before: null }],
    ['it has begun', { status: 'running', waits_for: 'r1' }],
    ['it has ended', { status: 'compensated', waits_for: 'r1' }],
    ['it is being cancelled', { cancel_requested: true }],
  ])('%s', (_, of) => expect(said(of)).toBeUndefined());
});
