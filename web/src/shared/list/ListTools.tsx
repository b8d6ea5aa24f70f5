import { Group } from '@mantine/core';
import type { Page } from '../../api/types';
import { type Column, ColumnMenu } from './columns';
import { ExportButton } from './ExportButton';
import { ViewMenu } from './ViewMenu';

type Props<T> = {
  /** Its name for saved views and the file. */
  list: string;
  columns: Column<T>[];
  visible: Column<T>[];
  shown: string[];
  setShown: (shown: string[]) => void;
  search: object;
  onOpen: (search: Record<string, unknown>) => void;
  /** A page of what is shown now, as long as may be. */
  page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
};

/** What can be done with a list as a whole: views of it are kept, columns chosen, all its rows taken away as a file. */
export function ListTools<T>({ list, columns, visible, shown, setShown, search, onOpen, page }: Props<T>) {
  return (
    <Group gap="xs">
      <ViewMenu
        list={list}
        search={search}
        columns={shown}
        onOpen={(view, kept) => {
          onOpen(view);
          if (kept) {
            setShown(kept);
          }
        }}
      />
      <ColumnMenu columns={columns} shown={shown} onChange={setShown} />
      <ExportButton name={list} columns={visible} page={page} />
    </Group>
  );
}
