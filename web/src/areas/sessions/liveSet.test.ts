import { expect, test } from 'vitest';
import type { Session } from '../../api/types';
import { matches, merge, newestFirst } from './liveSet';

const session = (id: string, of: Partial<Session> = {}) =>
  ({
    id,
    username: id,
    started_at: '2026-11-21T10:00:00Z',
    stopped_at: null,
    nas: { id: 'n1', shortname: 'bras' },
    ...of,
  }) as Session;

test('new and changed sessions replace, stopped ones leave', () => {
  const before = new Map([['a', session('a')]]);
  const after = merge(before, [session('a', { download_bps: 5 }), session('b'), session('b', { stopped_at: '…' })], {});
  expect([...after.keys()]).toEqual(['a']);
  expect(after.get('a')?.download_bps).toBe(5);
  expect(before.get('a')?.download_bps).toBeUndefined();
});

test('a session outside the filter does not come in by the stream', () => {
  expect(merge(new Map(), [session('ada')], { q: 'bola' }).size).toBe(0);
  expect(matches(session('ada', { calling_station_id: 'D4:CA:6D' }), { q: 'd4:ca' })).toBe(true);
  expect(matches(session('ada'), { nas: 'n2' })).toBe(false);
});

test('newest first', () => {
  const rows = new Map([
    ['old', session('old')],
    ['new', session('new', { started_at: '2026-11-21T11:00:00Z' })],
  ]);
  expect(newestFirst(rows).map((row) => row.id)).toEqual(['new', 'old']);
});
