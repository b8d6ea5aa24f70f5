import { expect, test } from 'vitest';
import type { NetworkProfile, Subscriber } from '../../../api/types';
import { bodyOf, faultsOf, nameOf, startOf } from './fields';

const start = startOf(
  { service_address: '12 Marina Road', service_latitude: 6.45, service_longitude: 3.39 } as Subscriber,
  { qinq_enabled: true, site_id: 's1', circuit_id: 'olt1 1/1' } as NetworkProfile,
);

test('nothing is sent of what stays', () => {
  expect(bodyOf(start, start, 'UTC')).toEqual({});
  expect(faultsOf(start, start, 'UTC')).toEqual([]);
});

test('only what its way asks for is sent of an address, and only what differs of the place', () => {
  const body = bodyOf(
    start,
    {
      ...start,
      vlan_way: 'given',
      service_vlan: 310,
      vlan_pool: 'typed before',
      ipv4_way: 'next',
      static_ipv4: 'typed before',
      service_latitude: 6.5,
      onu_serial: 'ALCL00000002',
      at: '2100-01-02T03:04',
    },
    'Africa/Lagos',
  );
  expect(body).toEqual({
    vlan: { service_vlan: 310, inner_vlan: null },
    ipv4: { pool: null },
    onu_serial: 'ALCL00000002',
    place: { latitude: 6.5 },
    at: '2100-01-02T02:04:00.000Z',
  });
});

test('"this one" without one is a fault, not the next free one; what is there cannot be emptied', () => {
  const values = { ...start, ipv4_way: 'given', pd_way: 'given', service_address: '', at: '2026-01-01T00:00' };
  expect(faultsOf(start, values, 'UTC').map((one) => one.field)).toEqual([
    'static_ipv4',
    'delegated_ipv6_prefix',
    'service_address',
    'at',
  ]);
});

test('one that is reserved is sent by its reservation alone, and must be chosen', () => {
  const values = {
    ...start,
    ipv4_way: 'reserved',
    reserved_ipv4: 'r1',
    static_ipv4: 'typed before',
    pd_way: 'reserved',
  };
  expect(faultsOf(start, values, 'UTC').map((one) => one.field)).toEqual(['reserved_prefix']);
  expect(bodyOf(start, { ...values, reserved_prefix: 'r2' }, 'UTC')).toEqual({
    ipv4: { reservation: 'r1' },
    delegated_prefix: { reservation: 'r2' },
  });
});

test('a fault of the API finds its field', () => {
  expect(nameOf('vlan.service_vlan')).toBe('service_vlan');
  expect(nameOf('delegated_prefix.static')).toBe('delegated_ipv6_prefix');
  expect(nameOf('ipv4.reservation')).toBe('reserved_ipv4');
  expect(nameOf('place.latitude')).toBe('service_latitude');
  expect(nameOf('onu_serial')).toBe('onu_serial');
});
