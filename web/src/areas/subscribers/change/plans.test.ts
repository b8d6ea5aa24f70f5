import { expect, test } from 'vitest';
import { isOrderedBefore, ordersOf } from './plans';

const run = (id: string, not_before: string | null, cancel_requested = false) => ({ id, not_before, cancel_requested });

test('what is ordered for later stands in the order of its times; what is under way or cancelled is no order', () => {
  const orders = ordersOf([
    run('b', '2027-03-02T00:00:00Z'),
    run('now', null),
    run('off', '2027-01-01T00:00:00Z', true),
    run('a', '2027-03-01T00:00:00+00:00'),
  ]);
  expect(orders.map((one) => one.id)).toEqual(['a', 'b']);
  expect(isOrderedBefore(orders, '2027-02-28T23:59:00Z')).toBe(false);
  expect(isOrderedBefore(orders, '2027-03-01T02:00:00+02:00')).toBe(true);
  expect(isOrderedBefore([], '2027-03-01T00:00:00Z')).toBe(false);
});
