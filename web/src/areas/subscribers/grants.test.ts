import { expect, test } from 'vitest';
import { grantsOf } from './grants';

const bare = { onu_serial: null };

test('a support agent suspends and resumes, and does nothing else', () => {
  const may = grantsOf(['isp.radius.read', 'isp.oss.read', 'isp.radius.sessions.manage'], bare);
  expect(may).toMatchObject({ suspend: true, write: false, plan: false, network: false, deprovision: false });
});

test('who writes subscribers does not order runs by that', () => {
  expect(grantsOf(['isp.radius.write'], bare)).toMatchObject({ write: true, plan: false, deprovision: false });
  expect(grantsOf(['isp.oss.configure'], bare)).toMatchObject({ plan: false, network: false });
});

test('a line with an ONU is deprovisioned by whoever may touch ONUs', () => {
  const of = ['isp.radius.write', 'isp.oss.configure'];
  expect(grantsOf(of, bare).deprovision).toBe(true);
  expect(grantsOf(of, { onu_serial: 'ALCL00000001' }).deprovision).toBe(false);
  expect(grantsOf([...of, 'isp.network.pon.write'], { onu_serial: 'ALCL00000001' }).deprovision).toBe(true);
});
