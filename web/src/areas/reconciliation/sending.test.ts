import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../../api/problem';
import type { Begun, Finding } from './queries';
import { type Confirmed, leftOf, type Mending, mendingStore, perGo, whyStopped } from './sending';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

const findings = (many: number) =>
  Array.from({ length: many }, (_, n) => ({ id: `f${n}`, token: `t${n}`, kind: 'leaked_vlan', fix: 'x' }) as Finding);
const answer = (of: Confirmed[], repair_id: string | null) =>
  ({ repair_id, findings: of.map(({ id }) => ({ id, outcome: repair_id ? 'started' : 'refused' })) }) as Begun;
const reloaded = () => JSON.parse(kept.get('r') ?? 'null') as Mending;

test('as many as one go takes are sent in one, more in several, each under a key of its own', async () => {
  const sent: [number, string | undefined, string][] = [];
  const store = mendingStore('r', async (of, key) => {
    sent.push([of.length, of[0]?.id, key]);
    return answer(of, `repair-${sent.length}`);
  });
  await store.begin(findings(perGo), 'one');
  await store.begin(findings(2 * perGo + 3), 'two');
  expect(sent).toEqual([
    [perGo, 'f0', 'one-0'],
    [perGo, 'f0', 'two-0'],
    [perGo, `f${perGo}`, 'two-1'],
    [3, `f${2 * perGo}`, 'two-2'],
  ]);
  const { mending, sending } = store.now();
  expect([sending, mending?.repairs, mending && leftOf(mending)]).toEqual([
    false,
    ['repair-2', 'repair-3', 'repair-4'],
    0,
  ]);
});

test('the first go that fails is the last; the rest goes on under the key under which it failed', async () => {
  let ok = false;
  const keys: string[] = [];
  const send = async (of: Confirmed[], key: string) => {
    keys.push(key);
    if (key === 'm-1' && !ok) {
      throw new Problem({ status: 503, code: 'database.busy', title: 'Busy' });
    }
    return answer(of, key);
  };
  await mendingStore('r', send).begin(findings(3 * perGo), 'm');
  expect(keys).toEqual(['m-0', 'm-1']);

  // Also after a reload.
  const store = mendingStore('r', send);
  const stopped = store.now().mending;
  expect(stopped && [leftOf(stopped), whyStopped(stopped)?.code]).toEqual([2 * perGo, 'database.busy']);
  ok = true;
  await store.goOn();
  expect(keys).toEqual(['m-0', 'm-1', 'm-1', 'm-2']);
  expect(store.now().mending?.stopped).toBeUndefined();
  expect(leftOf(reloaded())).toBe(0);
});

test('a reload while it is sent keeps what was answered, and does not go on by itself', async () => {
  const first = mendingStore('r', (of, key) =>
    key === 'm-0' ? Promise.resolve(answer(of, null)) : new Promise<Begun>(() => undefined),
  );
  void first.begin(findings(perGo + 1), 'm');
  await vi.waitFor(() => expect(reloaded().answers).toHaveLength(perGo));
  expect(first.now().sending).toBe(true);
  first.forget();
  expect(first.now().mending).toBeDefined();
  const send = vi.fn();
  const { mending, sending } = mendingStore('r', send).now();
  expect([mending?.answers[0]?.outcome, mending && leftOf(mending), mending?.repairs, sending]).toEqual([
    'refused',
    1,
    [],
    false,
  ]);
  expect(send).not.toHaveBeenCalled();
});

test('an answer that is not of what was sent stops it, and a tab that keeps nothing stops nothing', async () => {
  vi.stubGlobal('sessionStorage', {
    getItem: () => {
      throw new Error('denied');
    },
  });
  const store = mendingStore('r', async () => answer([], 'x'));
  await store.begin(findings(2), 'm');
  expect(store.now().mending?.stopped?.code).toBe('console.defect');
  store.forget();
  expect(store.now().mending).toBeUndefined();
});
