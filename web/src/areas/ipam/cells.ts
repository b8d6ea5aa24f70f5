import { t } from '../../messages';
import { count } from '../../shared/format';
import type { SpaceCell } from './queries';

export const states = ['free', 'used', 'reserved', 'resting', 'aside', 'child'] as const;
export type CellState = (typeof states)[number];

/** What stands out most in a cell. */
export function cellState(cell: SpaceCell | undefined): CellState {
  if (!cell) {
    return 'free';
  }
  return cell.used > 0
    ? 'used'
    : cell.reserved > 0
      ? 'reserved'
      : cell.resting > 0
        ? 'resting'
        : cell.set_aside > 0
          ? 'aside'
          : cell.child > 0
            ? 'child'
            : 'free';
}

/** How much of a cell is not free, in percent; a little of a large cell still shows. */
export function fill(cell: SpaceCell | undefined, capacity: number): number {
  if (!cell) {
    return 0;
  }
  const taken = cell.used + cell.reserved + cell.resting + cell.set_aside;
  const share = taken > 0 ? (100 * taken) / capacity : 100 * cell.child;
  return share > 0 ? Math.min(100, Math.max(12, share)) : 0;
}

export function cellWords(cell: SpaceCell | undefined, capacity: number): string {
  if (!cell) {
    return t('ipam.map.none');
  }
  if (cell.label && capacity === 1) {
    const state = cellState(cell);
    return state === 'free' ? cell.label : `${t(`ipam.map.${state}`)}, ${cell.label}`;
  }
  const parts = [
    cell.used > 0 && t('ipam.map.n.used', { n: count(cell.used) }),
    cell.reserved > 0 && t('ipam.map.n.reserved', { n: count(cell.reserved) }),
    cell.resting > 0 && t('ipam.map.n.resting', { n: count(cell.resting) }),
    cell.set_aside > 0 && t('ipam.map.n.aside', { n: count(cell.set_aside) }),
    cell.child > 0 && t('ipam.map.n.child'),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : t('ipam.map.none');
}
