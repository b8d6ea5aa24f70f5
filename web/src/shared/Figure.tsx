import type { ReactNode } from 'react';
import classes from './Figure.module.css';

type Props = { label: string; value: ReactNode; note?: ReactNode; tone?: 'up' | 'down' | 'bad'; testId?: string };

/** One number that matters, its name and a remark. */
export function Figure({ label, value, note, tone, testId }: Props) {
  return (
    <div className={classes.figure}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value} data-tone={tone} data-testid={testId}>
        {value}
      </div>
      {note && <div className={classes.label}>{note}</div>}
    </div>
  );
}
