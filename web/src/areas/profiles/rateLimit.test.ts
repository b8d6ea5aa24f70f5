import { expect, test } from 'vitest';
import { mikrotikRateLimit } from './rateLimit';

const plain = { download_rate_kbps: 50_000, upload_rate_kbps: 10_000 };

test('upload comes before download', () => expect(mikrotikRateLimit(plain)).toBe('10000k/50000k'));

test('bursts are appended: rate, threshold, time, priority', () => {
  const burst = {
    ...plain,
    download_burst_kbps: 80_000,
    burst_threshold_percent: 75,
    burst_time_seconds: 6,
    priority: 5,
  };
  expect(mikrotikRateLimit(burst)).toBe('10000k/50000k 10000k/80000k 7500k/37500k 6/6 5');
});

test('a burst alone gets the rate as its threshold and 8 s', () => {
  expect(mikrotikRateLimit({ ...plain, upload_burst_kbps: 20_000 })).toBe(
    '10000k/50000k 20000k/50000k 10000k/50000k 8/8',
  );
});
