import { expect, test } from 'vitest';
import { linesOf, partsOf, sumsOf } from './many';
import type { Begun, Finding, Repairs } from './queries';

const finding = (id: string, kind: string, needs: string | null, fix: string | null = 'Mend it.') =>
  ({ id, kind, fix, fix_needs: needs, subject_label: `S-${id}`, what: `what ${id}` }) as Finding;

const found = [
  finding('1', 'leaked_vlan', 'isp.ipam.write'),
  finding('2', 'onu_differs', 'isp.network.pon.write'),
  finding('3', 'leaked_vlan', 'isp.ipam.write'),
  finding('4', 'owner_without_onu', null, null),
];

test('what is repaired is told by kind, and what is not with why', () => {
  const parts = partsOf(found, ['isp.ipam.write']);
  expect(parts.kinds.map((lot) => [lot.kind, lot.of.length])).toEqual([['leaked_vlan', 2]]);
  expect(parts.without.map((lot) => [lot.kind, lot.lacking])).toEqual([
    ['onu_differs', 'isp.network.pon.write'],
    ['owner_without_onu', undefined],
  ]);
});

test('nothing that was asked for is missing from what became of it', () => {
  const begun = [
    { id: '1', outcome: 'started', run_id: 'r1' },
    { id: '2', outcome: 'refused', code: 'finding.changed' },
    { id: '3', outcome: 'under_way', run_id: 'r0' },
  ] as Begun['findings'];
  expect(linesOf([], begun, found).map((one) => [one.id, one.state])).toEqual([
    ['2', 'refused'],
    ['3', 'under_way'],
    ['1', 'waiting'],
  ]);
  const items = [{ id: '1', kind: 'leaked_vlan', run_id: 'r1', state: 'gone', what: null }] as Repairs['items'];
  const lines = linesOf(items, begun, found);
  expect(lines.map((one) => [one.id, one.state])).toEqual([
    ['2', 'refused'],
    ['3', 'under_way'],
    ['1', 'gone'],
  ]);
  expect(lines[2]?.what).toBe('what 1');
  expect(sumsOf(lines)).toEqual([
    ['refused', 1],
    ['under_way', 1],
    ['gone', 1],
  ]);
});
