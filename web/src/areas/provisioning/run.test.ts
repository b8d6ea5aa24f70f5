import { describe, expect, test } from 'vitest';
import { runWords } from '../../shared/runWords';
import { flat, isSimulated, markOf, progress, took, undoing, willRepeat, worth } from './run';

test('what is not configured is never shown as done', () => {
  expect(markOf({ status: 'not_configured' })).toBe('absent');
  expect(markOf({ status: 'skipped' })).toBe('skipped');
  expect(markOf({ status: 'a_state_of_tomorrow' })).toBe('waiting');
});

test('data is told as names and values', () => {
  expect(
    flat({
      onu: { serial: 'ALCL1', port: null },
      routes: ['a', 'b'],
      none: [],
      held: [{ kind: 'ipv4' }, { kind: 'pd' }],
    }),
  ).toEqual([
    ['onu.serial', 'ALCL1'],
    ['routes', 'a, b'],
    ['held[1].kind', 'ipv4'],
    ['held[2].kind', 'pd'],
  ]);
});

describe('a simulated answer is told from a real one', () => {
  test.each([
    [{ driver: 'simulated' }, true],
    [{ simulated: true }, true],
    [{ is_simulated: true }, true],
    [{ driver: 'voltha' }, false],
    [null, false],
    ['simulated', false],
  ])('%j', (output, simulated) => expect(isSimulated({ output } as never)).toBe(simulated));
});

test('progress counts what is behind', () => {
  const steps = ['done', 'not_configured', 'failed', 'running', 'waiting'].map((status) => ({ status }));
  expect(progress({ steps } as never)).toEqual({ past: 3, all: 5 });
});

test('times', () => {
  expect([0.42, 12.4, 3210, 61_000].map(took)).toEqual(['0.4 ms', '12 ms', '3.2 s', '1 min 1 s']);
});

test('an unknown step is told by its own name', () => {
  expect(runWords('step', 'paint_the_cabinet')).toBe('Paint the cabinet');
});

test('a failure that may pass is neither waiting nor failed', () => {
  expect(willRepeat({ status: 'waiting', error_code: 'pon.olt_unreachable' })).toBe(true);
  expect(willRepeat({ status: 'waiting', error_code: null })).toBe(false);
  expect(willRepeat({ status: 'failed', error_code: 'pon.olt_unreachable' })).toBe(false);
});

test('what waits for its next attempt has a mark of its own', () => {
  expect(markOf({ status: 'running', error_code: 'pon.olt_unreachable' })).toBe('again');
  expect(markOf({ status: 'running', error_code: null })).toBe('busy');
});

test('undoing goes from the last step to the first, and leaves out what was never done', () => {
  const of = (...statuses: string[]) => statuses.map((status, seq) => ({ seq, status }));
  const order = (status: string, steps: object[]) => undoing({ status, steps } as never).map((step) => step.seq);
  expect(order('compensating', of('done', 'skipped', 'undoing', 'undone', 'waiting'))).toEqual([3, 2, 0]);
  expect(order('stuck', of('done', 'undo_failed', 'undone'))).toEqual([2, 1, 0]);
  expect(order('completed', of('done', 'done'))).toEqual([]);
});

test('what a step added is told without what it answered, and without the notes of the engine', () => {
  expect(worth({ onu_id: '7', serial: 'A' })).toEqual([
    ['serial', 'A'],
    ['onu_id', '7'],
  ]);
  expect(worth({ ip: '10.0.0.1', vlan: 5, steps: { a: 'done' } }, { ip: '10.0.0.1' })).toEqual([['vlan', '5']]);
});
