import { expect, test } from 'vitest';
import { kindOf, pathWords } from './dataWords';

test('a path is told in words, and one without a word by its own name', () => {
  expect(pathWords('ipv4.network')).toBe('IPv4: Network');
  expect(pathWords('plan.down_kbps')).toBe('Plan: Down');
  expect(pathWords('new_addresses[2].pool')).toBe('New addresses 2: Pool');
  expect(pathWords('shelf_number')).toBe('Shelf number');
});

test('a value is shown as what it is', () => {
  const id = '01a200d8-6419-7d48-8b21-7cd7ccd8e5a6';
  expect(kindOf('plan.down_kbps', '100000')).toBe('rate');
  expect(kindOf('rx_power_dbm', '-17.14')).toBe('light');
  expect(kindOf('observed_at', '2026-11-22T01:21:51.305981+00:00')).toBe('time');
  expect(kindOf('is_simulated', 'true')).toBe('flag');
  expect(kindOf('onu.serial', 'ALCL00000001')).toBe('onu');
  expect(kindOf('subscriber_id', id)).toBe('subscriber');
  // Of a change of network it is the change itself, until the old is given back.
  expect(kindOf('ipv4.owner_id', id)).toBe('code');
  expect(kindOf('service_id', id)).toBe('code');
  expect(kindOf('ipv4.network', '100.96.0.2/32')).toBe('address');
  expect(kindOf('delegated_prefix.network', '2001:db8:4000::/56')).toBe('address');
  expect(kindOf('cpe_mac_address', '02:00:5e:10:00:01')).toBe('text');
  expect(kindOf('ipv4.key', '01a2:allocate_addresses:ipv4')).toBe('code');
});
