import { expect, test } from 'vitest';
import { meant, usageSearch } from './search';

test('thirty days up to today, in days', () => {
  expect(meant(usageSearch({}), '2026-11-21')).toMatchObject({ from: '2026-10-23', to: '2026-11-21', step: 'day' });
});

test('a short period is shown by the hour, a long one never', () => {
  expect(meant(usageSearch({ days: 7 }), '2026-11-21')).toMatchObject({ from: '2026-11-15', step: 'hour' });
  expect(meant(usageSearch({ days: '365', step: 'hour' }), '2026-11-21').step).toBe('day');
});

test('days that are chosen win over the span', () => {
  const search = usageSearch({ days: '7', from: '2026-11-01', to: '2026-11-02' });
  expect(meant(search, '2026-11-21')).toMatchObject({ from: '2026-11-01', to: '2026-11-02' });
});
