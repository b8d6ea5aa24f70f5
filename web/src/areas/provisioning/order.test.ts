import { expect, test } from 'vitest';
import { emptyOrder } from './fields';
import { fieldFor, missing, orderBody } from './order';

test('a fault is found at its field, however deep the API names it', () => {
  expect(fieldFor({ field: 'network_profile.service_vlan', code: 'range' })).toBe('service_vlan');
  expect(fieldFor({ field: 'wifi.passphrase', code: 'length' })).toBe('wifi_passphrase');
  expect(fieldFor({ field: '', code: 'pon.onu_taken' })).toBe('onu_serial');
  expect(fieldFor({ field: 'customer_id', code: 'unknown' })).toBeUndefined();
});

test('what is reserved for the line is named beside it, by the ways that count', () => {
  const reserved = { reserved_ipv4: 'r4', reserved_prefix: 'rp', ipv6_assignment_mode: 'pd' };
  expect(orderBody({ ...emptyOrder, ...reserved, ipv4_way: 'reserved', static_ipv4: '203.0.113.9' })).toMatchObject({
    network_profile: { ipv6_assignment_mode: 'pd' },
    reservations: { ipv4: 'r4', delegated_prefix: 'rp' },
  });
  expect(orderBody({ ...emptyOrder, ...reserved, ipv6_assignment_mode: 'none' })).not.toHaveProperty('reservations');
  expect(missing({ ...emptyOrder, ipv4_way: 'reserved' })).toHaveProperty('reserved_ipv4');
  expect(missing({ ...emptyOrder, ...reserved, ipv4_way: 'reserved' })).toEqual({});
  expect(fieldFor({ field: 'reservations.ipv4', code: 'ipam.reservation_unknown' })).toBe('reserved_ipv4');
});

test('an order has the line and the Wi-Fi in parts of their own, and nothing that was left empty', () => {
  expect(
    orderBody({
      ...emptyOrder,
      bandwidth_profile_id: 'p1',
      username: 'ada',
      vlan_way: 'given',
      service_vlan: 100,
      static_ipv4: '203.0.113.9',
      wifi_ssid: 'Home',
      wifi_passphrase: 'long-enough',
    }),
  ).toEqual({
    plan_id: 'p1',
    username: 'ada',
    network_profile: { service_vlan: 100 },
    wifi: { ssid: 'Home', passphrase: 'long-enough' },
  });
});
