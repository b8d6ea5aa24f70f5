import { expect, test } from 'vitest';
import { resumed } from './suspensions';

const debt = { reason: 'non_payment', state: 'ended' };

test('a line with no reason left is resumed', () => {
  const said = resumed('ada', [debt], [debt, { reason: 'quota', state: 'held' }]);
  expect(said.title).toBe('ada resumed');
  expect(said.message).toBe('Ended: Non-payment.');
});

test('a line with a reason in force stays suspended, and it is said which', () => {
  const said = resumed('ada', [debt], [debt, { reason: 'fraud', state: 'in_force' }]);
  expect(said.title).toBe('ada stays suspended');
  expect(said.message).toBe('Ended: Non-payment. In force: Fraud.');
});
