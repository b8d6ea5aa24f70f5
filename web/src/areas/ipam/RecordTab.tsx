import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Page } from '../../api/types';
import type { Sorting } from '../../shared/list/useSorting';
import { type RecordKind, RecordList } from './RecordList';
import { SearchBar } from './SearchBar';
import { useCreate } from './useCreate';

const route = getRouteApi('/app/ipam');

type Props<T> = {
  kind: RecordKind<T>;
  query: UseQueryResult<Page<T>>;
  sorting: Sorting;
  filters?: ReactNode;
  /** True when one of the `filters` is set. */
  filtered?: boolean;
};

/** A tab of the plan: one kind of thing is searched, added, changed and removed. */
export function RecordTab<T extends { id: string; name: string }>({
  kind,
  query,
  sorting,
  filters,
  filtered,
}: Props<T>) {
  const { q, cursor } = route.useSearch();
  const add = useCreate({ label: kind.words.add, fields: kind.fields, save: kind.records.create });
  return (
    <>
      <SearchBar filters={filters} actions={add.button} />
      <RecordList
        kind={kind}
        query={query}
        cursor={cursor}
        sorting={sorting}
        filtered={q !== undefined || filtered}
        action={add.button}
      />
      {add.form}
    </>
  );
}
