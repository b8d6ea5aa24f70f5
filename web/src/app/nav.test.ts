import { expect, test } from 'vitest';
import type { Me } from '../api/types';
import { missingFor, navFor } from './nav';

const agent = { permissions: ['dashboard.read', 'isp.radius.read'] } as Me;

test('areas one may not open are not offered, and empty groups fall away', () => {
  expect(navFor(agent).flatMap((group) => group.items.map((item) => item.to))).toEqual([
    '/',
    '/subscribers',
    '/sessions',
    '/coa',
    '/nas',
    '/usage',
    '/profiles',
    '/provisioning/defaults',
    '/decisions',
    '/nas-safety',
    '/dictionary',
    '/upstreams',
    '/freeradius',
  ]);
});

test('a deep link to a closed page names the permission it needs', () => {
  expect(missingFor(agent, '/platform/tenants')).toBe('platform.tenants.read');
  expect(missingFor(agent, '/subscribers/1')).toBeUndefined();
  expect(missingFor(agent, '/account')).toBeUndefined();
});
