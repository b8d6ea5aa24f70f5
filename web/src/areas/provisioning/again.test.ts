import { expect, test } from 'vitest';
import { isOrderable, valuesOf } from './again';
import { emptyOrder } from './fields';
import { orderBody } from './order';

const state = {
  plan_id: 'p1',
  username: 'ada',
  password: '(sealed)',
  number: 'S-000007',
  subscriber_number: null,
  onu_serial: 'ALCL00000001',
  service_latitude: 6.45,
  wifi_ssid: 'Home',
  wifi_passphrase: '(sealed)',
  line: {
    ipv6_mode: 'dual_stack',
    static_ipv4: '203.0.113.9',
    service_vlan: 210,
    inner_vlan: 7,
    qinq_enabled: true,
    site_id: 's1',
    bandwidth_profile_id: 'another',
  },
  facts: { static_ipv4: '100.64.0.1', option82_policy: 'log' },
};

test('a failed order comes back into the form, without its secrets and without what was allocated', () => {
  const values = valuesOf({ state } as never);
  expect(values).toEqual({
    ...emptyOrder,
    bandwidth_profile_id: 'p1',
    username: 'ada',
    onu_serial: 'ALCL00000001',
    service_latitude: 6.45,
    wifi_ssid: 'Home',
    ipv6_assignment_mode: 'dual_stack',
    static_ipv4: '203.0.113.9',
    ipv4_way: 'static',
    service_vlan: 210,
    inner_vlan: 7,
    qinq_enabled: true,
    vlan_way: 'given',
    site_id: 's1',
  });
  expect(orderBody(values).network_profile).toMatchObject({ service_vlan: 210, inner_vlan: 7 });
});

test('what was reserved for a failed order is named again', () => {
  const values = valuesOf({
    state: { ...state, reservations: { ipv4: 'r4', ipv6: null, delegated_prefix: 'rp' } },
  } as never);
  expect(values).toMatchObject({ ipv4_way: 'reserved', reserved_ipv4: 'r4', reserved_ipv6: '', reserved_prefix: 'rp' });
});

test('only an order that was undone is ordered again', () => {
  expect(isOrderable({ definition: 'provision', status: 'compensated' })).toBe(true);
  expect(isOrderable({ definition: 'provision', status: 'completed' })).toBe(false);
  expect(isOrderable({ definition: 'suspend', status: 'compensated' })).toBe(false);
});
