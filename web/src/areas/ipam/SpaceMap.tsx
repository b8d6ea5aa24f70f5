import { Anchor, Group, Text } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { count } from '../../shared/format';
import { cellState, cellWords, fill, states } from './cells';
import type { SpaceMap as Picture, SpaceCell } from './queries';
import classes from './SpaceMap.module.css';

const perRow = 16;

type Props = {
  map: Picture;
  onZoom: (network?: string) => void;
  /** A cell that is one piece alone was chosen. */
  onOpen: (network: string, cell: SpaceCell | undefined) => void;
};

/** A picture of a prefix: what is held, kept, resting and free in each part of it. */
export function SpaceMap({ map, onZoom, onOpen }: Props) {
  const [active, setActive] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  const cells = new Map(map.cells.map((cell) => [cell.index, cell]));
  const looked = cells.get(active);
  const zoomed = map.network !== map.prefix;

  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[event.key];
    const next = step === undefined ? undefined : active + step;
    if (next !== undefined && next >= 0 && next < map.cell_count) {
      event.preventDefault();
      setActive(next);
      (grid.current?.children[next] as HTMLElement | undefined)?.focus();
    }
  };

  return (
    <Card title={t('ipam.map', { network: map.network })}>
      <Group justify="space-between" gap="xs" mb="xs">
        <Text size="sm" c="dimmed">
          {t(map.can_zoom ? 'ipam.map.hint' : 'ipam.map.hintSingle', { length: map.cell_length })}
        </Text>
        {zoomed && (
          <Anchor component="button" type="button" size="sm" onClick={() => onZoom(undefined)}>
            {t('ipam.map.up', { network: map.prefix })}
          </Anchor>
        )}
      </Group>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a set of form fields */}
      <div
        ref={grid}
        className={classes.grid}
        role="group"
        aria-label={t('ipam.map', { network: map.network })}
        onKeyDown={move}
        data-testid="space-map"
      >
        {Array.from({ length: map.cell_count }, (_, index) => (
          <Cell
            key={networkAt(map, index)}
            map={map}
            index={index}
            cell={cells.get(index)}
            focusable={index === active}
            onLook={() => setActive(index)}
            onOpen={map.can_zoom ? onZoom : onOpen}
          />
        ))}
      </div>
      <Text size="sm" mt="xs" role="status">
        {t('ipam.map.cell', {
          network: looked?.network ?? networkAt(map, active),
          parts: cellWords(looked, map.cell_capacity),
        })}
      </Text>
      <Group gap="md" mt="xs" component="ul" p={0} m={0} className={classes.legend}>
        {states.map((state) => (
          <li key={state} className={classes.key}>
            <span className={classes.swatch} data-state={state} aria-hidden="true" />
            {t(`ipam.map.${state}`)}
          </li>
        ))}
      </Group>
    </Card>
  );
}

type CellProps = {
  map: Picture;
  index: number;
  cell: SpaceCell | undefined;
  focusable: boolean;
  onLook: () => void;
  onOpen: (network: string, cell: SpaceCell | undefined) => void;
};

function Cell({ map, index, cell, focusable, onLook, onOpen }: CellProps) {
  const network = cell?.network ?? networkAt(map, index);
  return (
    <button
      type="button"
      className={classes.cell}
      tabIndex={focusable ? 0 : -1}
      data-state={cellState(cell)}
      data-index={index}
      style={{ '--fill': `${fill(cell, map.cell_capacity)}%` } as React.CSSProperties}
      aria-label={t('ipam.map.cell', { network, parts: cellWords(cell, map.cell_capacity) })}
      title={t('ipam.map.cell', { network, parts: cellWords(cell, map.cell_capacity) })}
      onFocus={onLook}
      onMouseEnter={onLook}
      onClick={() => onOpen(network, cell)}
    />
  );
}

/** The network of an empty cell: the map tells only those with something in them. */
function networkAt(map: Picture, index: number): string {
  const [address, own] = map.network.split('/');
  const bits = map.cell_length - Number(own);
  return bits === 0 ? map.network : `${offset(address ?? '', index, map.cell_length)}/${map.cell_length}`;
}

function offset(address: string, index: number, length: number): string {
  if (address.includes('.')) {
    const number = address.split('.').reduce((all, part) => all * 256 + Number(part), 0) + index * 2 ** (32 - length);
    return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
  }
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const words = address.includes('::') ? [...left, ...Array(8 - left.length - right.length).fill('0'), ...right] : left;
  let number =
    words.reduce((all, word) => (all << 16n) + BigInt(`0x${word}`), 0n) + (BigInt(index) << BigInt(128 - length));
  const groups: string[] = [];
  for (let i = 0; i < 8; i++) {
    groups.unshift((number & 0xffffn).toString(16));
    number >>= 16n;
  }
  return groups
    .join(':')
    .replace(/\b(?:0(?::|$)){2,}/, ':')
    .replace(/^:/, '::')
    .replace(/:$/, '::')
    .replace(/:{3,}/, '::');
}

export const capacity = (value: number) => (value > 1e15 ? value.toExponential(1) : count(value));
