import { expect, test } from 'vitest';
import { en } from './en';

test('a key stands in one catalogue alone: of two sentences the later would be said for both', async () => {
  const parts = import.meta.glob<Record<string, Record<string, string>>>(
    ['./*.ts', '!./en.ts', '!./index.ts', '!./*.test.ts'],
    {
      eager: true,
    },
  );
  const keys = Object.values(parts).flatMap((part) => Object.values(part).flatMap(Object.keys));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  expect(keys.length).toBe(Object.keys(en).length);
});
