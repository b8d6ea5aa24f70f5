import { Paper, useMantineTheme, VisuallyHidden } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { DataTable, type DataTableColumn, type DataTableSortStatus } from 'mantine-datatable';
import type { ReactNode } from 'react';
import type { Page } from '../../api/types';
import { t } from '../../messages';
import { Empty } from '../Empty';
import { ProblemAlert } from '../ProblemAlert';
import type { Column } from './columns';
import { Pager } from './Pager';
import { usePaging } from './usePaging';

/** Rows that are ticked, also such as are on other pages. */
export type Picking<T> = {
  picked: T[];
  onPick: (rows: T[]) => void;
  can: (row: T) => boolean;
  label: (row: T) => string;
};

type Props<T> = {
  name: string;
  columns: Column<T>[];
  query: UseQueryResult<Page<T>>;
  rowId?: (row: T) => string;
  cursor?: string;
  sort?: string;
  onSort?: (sort: string) => void;
  /** True when a filter is set: an empty answer then means "nothing matches", not "nothing exists". */
  filtered?: boolean;
  empty: ReactNode;
  rowActions?: (row: T) => ReactNode;
  picking?: Picking<T>;
};

function sorting<T>(sort: string | undefined, onSort: ((sort: string) => void) | undefined) {
  if (!sort || !onSort) {
    return {};
  }
  return {
    sortStatus: {
      columnAccessor: sort.replace(/^-/, ''),
      direction: sort.startsWith('-') ? 'desc' : 'asc',
    } as DataTableSortStatus<T>,
    onSortStatusChange: (next: DataTableSortStatus<T>) =>
      onSort(`${next.direction === 'desc' ? '-' : ''}${String(next.columnAccessor)}`),
  };
}

function ticks<T>(picking: Picking<T> | undefined) {
  return (
    picking && {
      selectedRecords: picking.picked,
      onSelectedRecordsChange: picking.onPick,
      isRecordSelectable: picking.can,
      allRecordsSelectionCheckboxProps: { 'aria-label': t('list.tickAll') },
      getRecordSelectionCheckboxProps: (row: T) => ({ 'aria-label': picking.label(row) }),
    }
  );
}

/** A server-side list: rows, sort by header, keyset pager, its empty states and its failure. */
export function DataList<T>({
  name,
  columns,
  query,
  rowId,
  cursor,
  sort,
  onSort,
  filtered,
  empty,
  rowActions,
  picking,
}: Props<T>) {
  const { breakpoints } = useMantineTheme();
  const paging = usePaging(cursor, query.data?.next_cursor);
  const rows = query.data?.items ?? [];

  if (query.isError && !query.data) {
    return <ProblemAlert error={query.error} onRetry={() => query.refetch()} />;
  }

  const shown: DataTableColumn<T>[] = columns.map((column) => ({
    accessor: column.sort ?? column.key,
    title: column.label,
    render: column.render ?? ((row) => column.value(row) ?? ''),
    sortable: Boolean(column.sort && onSort),
    textAlign: column.align,
    noWrap: column.align === 'right',
    width: column.width,
    visibleMediaQuery: column.from && `(min-width: ${breakpoints[column.from]})`,
  }));
  if (rowActions) {
    shown.push({
      accessor: '_actions',
      title: <VisuallyHidden>{t('do.more')}</VisuallyHidden>,
      width: '0%',
      noWrap: true,
      textAlign: 'right',
      render: rowActions,
    });
  }

  return (
    <>
      {query.isError && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
      <Paper bg="var(--dm-surface)" bd="1px solid var(--dm-line)" style={{ overflow: 'hidden' }}>
        {rows.length === 0 && !query.isPending ? (
          filtered ? (
            <Empty title={t('list.nothing')}>{t('list.nothingHint')}</Empty>
          ) : (
            empty
          )
        ) : (
          <DataTable<T>
            aria-label={name}
            records={rows}
            columns={shown}
            idAccessor={rowId ?? ((row) => (row as { id: string }).id)}
            fetching={query.isPending}
            minHeight={query.isPending ? 240 : 0}
            verticalSpacing={7}
            horizontalSpacing="sm"
            highlightOnHover
            noRecordsText=""
            noRecordsIcon={<span hidden />}
            withTableBorder={false}
            backgroundColor="var(--dm-surface)"
            borderColor="var(--dm-line)"
            rowBorderColor="var(--dm-line)"
            {...sorting(sort, onSort)}
            {...ticks(picking)}
          />
        )}
        <Pager page={query.data} paging={paging} />
      </Paper>
    </>
  );
}
