import { expect, test } from 'vitest';
import { asked, emptyOrder } from './fields';

test('only what belongs to the chosen way is sent', () => {
  const fixed = asked({ ...emptyOrder, ipv4_way: 'static' });
  expect(fixed.has('static_ipv4')).toBe(true);
  expect(fixed.has('ipv4_pool')).toBe(false);
  expect(asked({ ...emptyOrder, vlan_way: 'pool' }).has('service_vlan')).toBe(false);
  expect(asked({ ...emptyOrder, vlan_way: 'given' }).has('inner_vlan')).toBe(false);
  expect(asked({ ...emptyOrder, vlan_way: 'given', qinq_enabled: true }).has('inner_vlan')).toBe(true);
  expect(asked({ ...emptyOrder, ipv6_assignment_mode: 'slaac' }).has('pd_pool')).toBe(false);
  expect(asked({ ...emptyOrder, ipv6_assignment_mode: 'dual_stack' }).has('pd_pool')).toBe(true);
});
