import { expect, test } from 'vitest';
import { isAddress, settled } from './found';

test('one source that fails takes nothing from the others', async () => {
  const { found, failed } = await settled({
    good: Promise.resolve(['ada']),
    bad: Promise.reject(new Error('503')),
    unasked: undefined,
  });
  expect(found.good).toEqual(['ada']);
  expect(found.bad).toBeUndefined();
  expect(failed).toBe(1);
});

test('only a whole address asks who has it', () => {
  expect(isAddress('100.64.3.7')).toBe(true);
  expect(isAddress('2001:db8::5')).toBe(true);
  expect(isAddress('100.64')).toBe(false);
  expect(isAddress('100.64.3.700')).toBe(false);
  expect(isAddress('02:aa')).toBe(false);
  expect(isAddress('ada')).toBe(false);
});
