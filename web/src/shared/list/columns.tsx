import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconColumns } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '../../messages';

export type CsvValue = string | number | boolean | null | undefined;

export type Column<T> = {
  key: string;
  label: string;
  /** The plain value: what a CSV holds, and what the cell shows when there is no `render`. */
  value: (row: T) => CsvValue;
  render?: (row: T) => ReactNode;
  /** The server's sort key, where it can sort by this column. */
  sort?: string;
  /** Not shown until chosen. */
  optional?: boolean;
  /** Hidden below this width of the window. */
  from?: 'sm' | 'md' | 'lg';
  align?: 'right';
  width?: number | string;
};

type Choosable = Pick<Column<never>, 'key' | 'label' | 'optional'>;

/** Which columns are shown: a preference of this browser, by list. */
export function useColumnChoice<C extends Choosable>(list: string, columns: C[]) {
  const initial = columns.filter((column) => !column.optional).map((column) => column.key);
  const [shown, setShown] = useLocalStorage({
    key: `dotmac-columns-${list}`,
    defaultValue: initial,
    getInitialValueInEffect: false,
  });
  return { visible: columns.filter((column) => shown.includes(column.key)), shown, setShown };
}

type MenuProps = { columns: Choosable[]; shown: string[]; onChange: (shown: string[]) => void };

export function ColumnMenu({ columns, shown, onChange }: MenuProps) {
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          {t('list.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.columns')}>
        <Checkbox.Group
          value={shown}
          onChange={(keys) => keys.length > 0 && onChange(keys)}
          aria-label={t('list.columns')}
        >
          <Stack gap={8}>
            {columns.map((column) => (
              <Checkbox key={column.key} value={column.key} label={column.label} size="xs" />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
