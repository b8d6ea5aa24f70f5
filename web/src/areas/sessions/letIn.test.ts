import { expect, test } from 'vitest';
import type { Decision, Session } from '../../api/types';
import { letIn } from './queries';

const session = { started_at: '2026-11-21T10:00:00Z', calling_station_id: 'AA:BB' } as Session;
const decision = (at: string, of: Partial<Decision> = {}) =>
  ({ at: `2026-11-21T${at}Z`, outcome: 'accept', calling_station_id: 'aa:bb', ...of }) as Decision;

test('the last accept before the start, of the same station', () => {
  const found = letIn(session, [
    decision('09:00:00'),
    decision('09:59:58'),
    decision('09:59:59', { outcome: 'reject' }),
    decision('09:59:59', { calling_station_id: 'cc:dd' }),
    decision('11:00:00'),
  ]);
  expect(found?.at).toBe('2026-11-21T09:59:58Z');
});

test('no accept on record reads as unknown', () => expect(letIn(session, [])).toBeUndefined());
