import { expect, test } from 'vitest';
import { sortOf } from './useSorting';

const columns = [{ sort: 'name' }, {}, { sort: 'created_at' }];

test('a list is sorted as asked, in either direction, where a column has it', () => {
  expect(sortOf(columns, '-created_at', 'name')).toBe('-created_at');
  expect(sortOf(columns, 'name', 'created_at')).toBe('name');
});

test("a list has its own sort where none, or another list's, is asked for", () => {
  expect(sortOf(columns, undefined, '-created_at')).toBe('-created_at');
  for (const strange of ['vid', '-', '--name']) {
    expect(sortOf(columns, strange, 'name')).toBe('name');
  }
});
