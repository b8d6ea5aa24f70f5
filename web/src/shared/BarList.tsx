import { Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './BarList.module.css';

export type BarRow = {
  key: string;
  label: ReactNode;
  value: number;
  /** The value in words. */
  shown: string;
  tone?: 'ok' | 'bad' | 'down';
  hint?: string | null;
  pressed?: boolean;
  onPress?: () => void;
};

/** Counts as bars that are read as a list: name, bar, number; each may be pressed to look closer. */
export function BarList({ label, rows }: { label: string; rows: BarRow[] }) {
  const most = Math.max(1, ...rows.map((row) => row.value));
  return (
    <ul className={classes.list} aria-label={label}>
      {rows.map((row) => (
        <li key={row.key} data-key={row.key}>
          {row.onPress ? (
            <UnstyledButton className={classes.row} aria-pressed={row.pressed} onClick={row.onPress} fz="inherit">
              <Bar row={row} most={most} />
            </UnstyledButton>
          ) : (
            <span className={classes.row}>
              <Bar row={row} most={most} />
            </span>
          )}
          {row.hint && (
            <Text size="xs" c="dimmed">
              {row.hint}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}

function Bar({ row, most }: { row: BarRow; most: number }) {
  return (
    <>
      <span>{row.label}</span>
      <span className={classes.track} aria-hidden="true">
        <span className={classes.bar} data-tone={row.tone ?? 'bad'} style={{ width: `${(100 * row.value) / most}%` }} />
      </span>
      <span className="num">{row.shown}</span>
    </>
  );
}
