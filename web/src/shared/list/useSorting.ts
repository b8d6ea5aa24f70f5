import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Column } from './columns';

export type Sorting = { sort: string; onSort: (sort: string) => void };

/** The asked sort where one of the columns has it, else the list's own: what the URL says may be another list's. */
export const sortOf = (columns: Pick<Column<never>, 'sort'>[], asked: string | undefined, initial: string) =>
  asked && columns.some((column) => column.sort === asked.replace(/^-/, '')) ? asked : initial;

/** A list's sort, kept in the URL; another one begins at the first page. */
export function useSorting<T>(columns: Column<T>[], initial: string): Sorting {
  const navigate = useNavigate();
  const asked = useSearch({ strict: false, select: (search) => search.sort });
  return {
    sort: sortOf(columns, asked, initial),
    onSort: (sort) =>
      void navigate({ to: '.', search: ((now: object) => ({ ...now, sort, cursor: undefined })) as never }),
  };
}
