import { expect, test } from 'vitest';
import { changed, filled, toForm } from './values';

const start = toForm(['username', 'vlan_id', 'enabled'] as const, { username: 'ada', vlan_id: null, enabled: false });

test('null becomes an empty field; false stays', () => {
  expect(start).toEqual({ username: 'ada', vlan_id: '', enabled: false });
});

test('a patch holds what differs, and null for what was emptied', () => {
  expect(changed(start, { ...start })).toEqual({});
  expect(changed(start, { username: '', vlan_id: 100, enabled: false })).toEqual({ username: null, vlan_id: 100 });
});

test('a create leaves out what was not filled in, but keeps 0 and false', () => {
  expect(filled({ username: 'ada', notes: '', enabled: false, vlan_id: 0 })).toEqual({
    username: 'ada',
    enabled: false,
    vlan_id: 0,
  });
});
