import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Page } from '../../api/types';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import type { Sorting } from '../../shared/list/useSorting';
import { useCan } from '../../shared/me';
import { RecordActions } from './RecordActions';
import { type Field, RecordEditor } from './RecordEditor';

type Raw = Record<string, unknown>;

/** One kind of thing in the plan: how it is called, shown and written. */
export type RecordKind<T> = {
  name: string;
  columns: Column<T>[];
  /** What a form of it asks; `of` is the one that is changed, absent for a new one. */
  fields: (of?: T) => Field[];
  records: {
    create: (body: Raw) => Promise<unknown>;
    patch: (of: T, body: Raw) => Promise<unknown>;
    remove: (of: T) => Promise<unknown>;
  };
  words: { add: string; empty: string; emptyHint: string };
  /** What its form begins with, where that is not the thing as it is. */
  start?: (of: T) => Raw;
  /** What else can be done with one, beside change and remove. */
  more?: (of: T) => ReactNode;
};

type Named = { id: string; name: string };
type Props<T> = {
  kind: RecordKind<T>;
  query: UseQueryResult<Page<T>>;
  cursor?: string;
  sorting?: Sorting;
  filtered?: boolean;
  /** Offered where there is none yet. */
  action?: ReactNode;
};

/** All of one kind; each can be changed and removed by who may write. */
export function RecordList<T extends Named>({ kind, query, cursor, sorting, filtered, action }: Props<T>) {
  const mayWrite = useCan('isp.ipam.write');
  const [editing, setEditing] = useState<T>();
  const actions = (row: T) => (
    <RecordActions name={row.name} onEdit={() => setEditing(row)} remove={() => kind.records.remove(row)}>
      {kind.more?.(row)}
    </RecordActions>
  );
  return (
    <>
      <DataList
        name={kind.name}
        columns={kind.columns}
        query={query}
        cursor={cursor}
        {...sorting}
        filtered={filtered}
        empty={
          <Empty title={kind.words.empty} action={action}>
            {kind.words.emptyHint}
          </Empty>
        }
        rowActions={mayWrite ? actions : undefined}
      />
      {editing && (
        <RecordEditor
          title={t('ipam.edit', { name: editing.name })}
          fields={kind.fields(editing)}
          of={kind.start?.(editing) ?? editing}
          save={(body) => kind.records.patch(editing, body)}
          saved={t('ipam.saved')}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}
