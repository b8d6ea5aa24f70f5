import { describe, expect, test } from 'vitest';
import { bitRate, bytes, duration, kbps } from './format';

describe('quantities', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [52_000_000, '52.0 MB'],
    [1_000_000_000_000_000_000, '1000 PB'],
  ])('%d bytes', (value, text) => expect(bytes(value)).toBe(text));

  test('rates are decimal, and an unknown rate is a dash, not zero', () => {
    expect(bitRate(56_500_000)).toBe('56.5 Mbit/s');
    expect(kbps(200_000)).toBe('200 Mbit/s');
    expect(bitRate(null)).toBe('–');
    expect(bitRate(0)).toBe('0 bit/s');
  });
});

test.each([
  [-5, '0 s'],
  [45, '45 s'],
  [615, '10 min 15 s'],
  [3600, '1 h'],
  [3_660, '1 h 1 min'],
  [90_000, '1 d 1 h'],
  [86_400 + 59, '1 d'],
])('%d seconds', (value, text) => expect(duration(value)).toBe(text));
