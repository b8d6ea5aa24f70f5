import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { SessionsSearch, SortWord } from './search';

type Props = {
  word: SortWord;
  label: string;
  className?: string;
  sort: SessionsSearch['sort'];
  /** Numbers and times begin with the greatest. */
  descendingFirst?: boolean;
  onSort: (sort: SessionsSearch['sort']) => void;
};

/** A column's head: press to sort, again to turn round, a third time for newest first. */
export function SortHead({ word, label, className, sort, descendingFirst = false, onSort }: Props) {
  const steps = descendingFirst ? ([`-${word}`, word] as const) : ([word, `-${word}`] as const);
  const now = (steps as readonly unknown[]).indexOf(sort);
  const descending = sort === `-${word}`;
  const Icon = descending ? IconArrowDown : IconArrowUp;
  return (
    <th className={className} aria-sort={now === -1 ? undefined : descending ? 'descending' : 'ascending'}>
      <UnstyledButton fz="inherit" fw="inherit" onClick={() => onSort(steps[now + 1])}>
        {label} {now !== -1 && <Icon size={13} aria-hidden style={{ verticalAlign: '-2px' }} />}
      </UnstyledButton>
    </th>
  );
}
