import { describe, expect, test } from 'vitest';
import { degrees, graticuleLines, graticuleStep, readPlace } from './place';

describe('a pasted pair', () => {
  test.each([
    ['6.4541, 3.3947', { latitude: 6.4541, longitude: 3.3947 }],
    ['6.4541 3.3947', { latitude: 6.4541, longitude: 3.3947 }],
    ['-33.9; 151.2', { latitude: -33.9, longitude: 151.2 }],
    ['6.45° N, 3.39° E', { latitude: 6.45, longitude: 3.39 }],
    ['91, 3', undefined],
    ['6, 181', undefined],
    ['12 Marina Road', undefined],
    ['', undefined],
  ])('%s', (text, place) => expect(readPlace(text)).toEqual(place));
});

test('a few lines cross any window', () => {
  for (const across of [360, 90, 11, 1.3, 0.04, 0.0007]) {
    const step = graticuleStep(across);
    const lines = graticuleLines(3, 3 + across, step).length;
    expect(lines, `${across} by ${step}`).toBeGreaterThanOrEqual(2);
    expect(lines, `${across} by ${step}`).toBeLessThanOrEqual(13);
  }
});

test('a line is named with the decimals it needs', () => {
  expect(degrees(-6.5, 'latitude', 0.5)).toBe('6.5° S');
  expect(degrees(3, 'longitude', 10)).toBe('3° E');
  expect(degrees(3.394, 'longitude', 0.001)).toBe('3.394° E');
});
