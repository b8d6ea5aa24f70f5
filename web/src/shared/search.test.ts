import { expect, test } from 'vitest';
import { auditSearch } from '../areas/audit/search';
import { loginSearch } from '../areas/login/search';
import { subscribersSearch } from '../areas/subscribers/search';

test('filters survive the URL; what is malformed reads as absent', () => {
  expect(subscribersSearch({ q: 123, online: 'false', enabled: true, create: 'false', sort: '' })).toEqual({
    q: '123',
    online: false,
    enabled: true,
  });
  expect(auditSearch({ from: '2026-11-21', to: 'yesterday' })).toEqual({ from: '2026-11-21' });
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)'])(
  'after sign-in nobody is sent to %s',
  (next) => expect(loginSearch({ next })).toEqual({}),
);

test('after sign-in one returns to the page one wanted', () => {
  expect(loginSearch({ next: '/subscribers?q=ada' })).toEqual({ next: '/subscribers?q=ada' });
});
