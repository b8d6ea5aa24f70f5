import { expect, test } from 'vitest';
import { withGaps } from './optics';

const day = 86_400_000;
const level = (minute: number) => ({
  at: new Date(Date.UTC(2026, 10, 21) + minute * 60_000).toISOString(),
  rx_power_dbm: -18,
  olt_rx_dbm: -20,
});

test('the line is broken where measurements are missing, and only there', () => {
  const of = [0, 5, 10, 15, 20, 80, 85].map(level);
  const marks = withGaps(of, 'rx_power_dbm', day);
  expect(marks.map(([, value]) => value)).toEqual([-18, -18, -18, -18, -18, null, -18, -18]);
  expect(marks[5]?.[0]).toBe(Date.UTC(2026, 10, 21) + 50 * 60_000);
  expect(withGaps(of, 'olt_rx_dbm', day)[0]).toEqual([Date.UTC(2026, 10, 21), -20]);
});

test('what is measured less often, or averaged over a longer span, is whole', () => {
  const hourly = Array.from({ length: 30 }, (_, n) => level(n * 60));
  expect(withGaps(hourly, 'rx_power_dbm', day)).toHaveLength(30);
  const month = Array.from({ length: 30 }, (_, n) => level(n * 72));
  expect(withGaps(month, 'rx_power_dbm', 30 * day)).toHaveLength(30);
  expect(withGaps([level(0), level(600)], 'rx_power_dbm', day)).toHaveLength(3);
});
