import { expect, test } from 'vitest';
import { readServer, writeServer } from './servers';

test('an address alone, with ports, and IPv6', () => {
  expect(readServer(' 192.0.2.10 ')).toEqual({ address: '192.0.2.10' });
  expect(readServer('192.0.2.10:11812:11813')).toEqual({ address: '192.0.2.10', auth_port: 11812, acct_port: 11813 });
  expect(readServer('[2001:db8::1]:1812')).toEqual({ address: '2001:db8::1', auth_port: 1812 });
  expect(readServer('2001:db8::1')).toEqual({ address: '2001:db8::1' });
});

test('what is written is read again', () => {
  const server = { address: '2001:db8::1', auth_port: 1812, acct_port: 1813 } as never;
  expect(readServer(writeServer(server))).toEqual(server);
});
