import { beforeEach, expect, test, vi } from 'vitest';
import { draftStore } from './draft';

const empty = { name: '', password: '', vlan: 0 };
const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

const store = () => draftStore('d', empty, ['password']);

test('a draft comes back with the key it is sent under, without its secrets', () => {
  store().write('key-1', { name: 'Ada', password: 'hunter22', vlan: 7 });
  expect(kept.get('d')).not.toContain('hunter22');
  expect(store().read()).toMatchObject({ key: 'key-1', values: { name: 'Ada', password: '', vlan: 7 } });
});

test('nothing typed is no draft', () => {
  store().write('key-1', { name: 'Ada', password: '', vlan: 0 });
  store().write('key-1', { name: '', password: 'only-a-secret', vlan: 0 });
  expect(store().read()).toBeUndefined();
});

test('a draft of an older form is filled up; a broken one is none', () => {
  kept.set('d', '{"at":"2026-11-21T00:00:00Z","key":"k","values":{"name":"Ada"}}');
  expect(store().read()?.values).toEqual({ name: 'Ada', password: '', vlan: 0 });
  kept.set('d', '{');
  expect(store().read()).toBeUndefined();
});
