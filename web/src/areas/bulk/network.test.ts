import { expect, test } from 'vitest';
import { networkOf, next, nothing } from './network';

test('only what is to change is sent', () => {
  expect(networkOf(nothing)).toBeNull();
  expect(networkOf({ ...nothing, ipv4: 'homes-2' })).toEqual({ ipv4: { pool: 'homes-2' } });
  expect(networkOf({ ...nothing, address: '  ' })).toBeNull();
});

test('the next free one of the default pool is not the same as leaving it', () => {
  expect(networkOf({ ...nothing, vlan: next, qinq: true, delegated_prefix: next, length: 56 })).toEqual({
    vlan: { pool: null, qinq: true },
    delegated_prefix: { pool: null, length: 56 },
  });
});
