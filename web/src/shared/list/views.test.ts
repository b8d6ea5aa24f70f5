import { expect, test } from 'vitest';
import { sameView, viewOf, withView } from './views';

test('a view keeps filters and sort, not the page nor the open form', () => {
  expect(viewOf({ q: 'ada', sort: '-created_at', cursor: 'x', create: true, online: undefined })).toEqual({
    q: 'ada',
    sort: '-created_at',
  });
});

test('a name is used once', () => {
  const first = withView([], { name: 'Mine', search: { q: 'a' } });
  const both = withView(first, { name: 'Other', search: {} });
  expect(withView(both, { name: 'Mine', search: { q: 'b' } })).toEqual([
    { name: 'Mine', search: { q: 'b' } },
    { name: 'Other', search: {} },
  ]);
});

test('views are the same whatever the order of their words', () => {
  expect(sameView({ q: 'a', online: true }, { online: true, q: 'a', cursor: 'z' })).toBe(true);
  expect(sameView({ q: 'a' }, { q: 'b' })).toBe(false);
});
