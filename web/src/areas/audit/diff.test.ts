import { expect, test } from 'vitest';
import { diff } from './diff';

test('differing fields come first; a field of one side only differs', () => {
  expect(
    diff({ name: 'a', rate: 5 }, { name: 'a', rate: 6, note: 'x' }).map((one) => [one.field, one.differs]),
  ).toEqual([
    ['rate', true],
    ['note', true],
    ['name', false],
  ]);
});

test('absent and null are the same; nothing to compare is no change', () => {
  expect(diff({ note: null }, {})[0]?.differs).toBe(false);
  expect(diff(null, null)).toEqual([]);
});
