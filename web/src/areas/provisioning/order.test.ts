import { expect, test } from 'vitest';
import { emptyOrder } from './fields';
import { fieldFor, orderBody } from './order';

test('a fault is found at its field, however deep the API names it', () => {
  expect(fieldFor({ field: 'network_profile.service_vlan', code: 'range' })).toBe('service_vlan');
  expect(fieldFor({ field: 'wifi.passphrase', code: 'length' })).toBe('wifi_passphrase');
  expect(fieldFor({ field: '', code: 'pon.onu_taken' })).toBe('onu_serial');
  expect(fieldFor({ field: 'customer_id', code: 'unknown' })).toBeUndefined();
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
