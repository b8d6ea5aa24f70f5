import { expect, test } from 'vitest';
import type { Session } from '../../api/types';
import { hear, matches, nothingHeard } from './liveSet';

const asOf = '2026-11-21T10:30:00Z';
const session = (id: string, of: Partial<Session> = {}) =>
  ({
    id,
    username: id,
    started_at: '2026-11-21T10:00:00Z',
    stopped_at: null,
    nas: { id: 'n1', shortname: 'bras' },
    ...of,
  }) as Session;
const late = (id: string, of: Partial<Session> = {}) => session(id, { started_at: '2026-11-21T10:31:00Z', ...of });

test('sessions of the list are replaced, ended ones counted once and kept', () => {
  const ended = session('a', { stopped_at: '2026-11-21T10:40:00Z' });
  const heard = hear(nothingHeard, [session('a', { download_bps: 5 }), ended, ended], asOf, {});
  expect(heard.latest.get('a')?.stopped_at).toBeTruthy();
  expect(heard.ended).toBe(1);
  expect(hear(heard, [ended], asOf, {}).ended).toBe(1);
  expect(nothingHeard.latest.size).toBe(0);
  // The stream begins some seconds before the list was read: an end of then is in the list's number already.
  expect(hear(nothingHeard, [session('b', { stopped_at: '2026-11-21T10:29:58Z' })], asOf, {}).ended).toBe(0);
});

test('sessions that began since come first, newest first, and leave when they end', () => {
  const heard = hear(nothingHeard, [late('b'), late('c', { started_at: '2026-11-21T10:32:00Z' })], asOf, {});
  expect(heard.fresh.map((one) => one.id)).toEqual(['c', 'b']);
  const after = hear(heard, [late('c', { started_at: '2026-11-21T10:32:00Z', stopped_at: '…' })], asOf, {});
  expect(after.fresh.map((one) => one.id)).toEqual(['b']);
  expect(after.ended).toBe(0);
});

test('a session outside the filter does not come in by the stream', () => {
  expect(hear(nothingHeard, [late('ada')], asOf, { q: 'bola' }).fresh).toEqual([]);
  expect(matches(session('ada', { calling_station_id: 'D4:CA:6D' }), { q: 'd4:ca' })).toBe(true);
  expect(matches(session('ada'), { nas: 'n2' })).toBe(false);
});
