import { expect, test } from 'vitest';
import { type Said, speaker } from './inherit';

const nothing = {
  vlan_pool: null,
  qinq_enabled: null,
  ipv4_pool: null,
  ipv6_assignment_mode: null,
  ipv6_pool: null,
  pd_pool: null,
  ipv6_pd_size: null,
  option82_policy: null,
};
const of = (plan: string | null, site: string | null, said: Partial<Said>): Said => ({
  ...nothing,
  bandwidth_profile_id: plan,
  site_id: site,
  ...said,
});
const all = [
  of(null, null, { ipv4_pool: 'all', ipv6_pd_size: 56, qinq_enabled: true }),
  of(null, 'ikeja', { ipv4_pool: 'site', vlan_pool: 'site' }),
  of('fibre', null, { ipv4_pool: 'plan', qinq_enabled: false }),
  of('fibre', 'ikeja', { ipv4_pool: 'both' }),
];
const at = (plan: string | null, site: string | null) => ({ bandwidth_profile_id: plan, site_id: site });

test('plan at a site speaks before plan, plan before site, site before all', () => {
  const pool = (plan: string | null, site: string | null) => speaker(all, at(plan, site), 'ipv4_pool')?.ipv4_pool;
  expect([pool('fibre', 'ikeja'), pool('fibre', 'lekki'), pool('home', 'ikeja'), pool('home', null)]).toEqual([
    'both',
    'plan',
    'site',
    'all',
  ]);
});

test('who says nothing of a fact lets the next one speak, and "off" is a word too', () => {
  expect(speaker(all, at('fibre', 'ikeja'), 'vlan_pool')?.site_id).toBe('ikeja');
  expect(speaker(all, at('fibre', 'ikeja'), 'qinq_enabled')?.qinq_enabled).toBe(false);
  expect(speaker(all, at('fibre', 'ikeja'), 'option82_policy')).toBeUndefined();
});
