import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../api/problem';
import type { Page } from '../../api/types';
import { t } from '../../messages';
import type { Column } from './columns';
import { download, everyRow, toCsv } from './csv';

type Props<T> = {
  name: string;
  columns: Column<T>[];
  page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
};

/** Every row of the present filters, all pages, as a CSV file. A second press stops it. */
export function ExportButton<T>({ name, columns, page }: Props<T>) {
  const [rows, setRows] = useState<number>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = async () => {
    if (running.current) {
      running.current.abort();
      return;
    }
    const control = new AbortController();
    running.current = control;
    setRows(0);
    try {
      const all = await everyRow(page, setRows, control.signal);
      download(`${name}-${new Date().toISOString().slice(0, 10)}.csv`, toCsv(columns, all));
    } catch (error) {
      if (!control.signal.aborted) {
        const problem = asProblem(error);
        notifications.show({ color: 'red', title: problem.title, message: problem.detail ?? problem.code });
      }
    } finally {
      running.current = undefined;
      setRows(undefined);
    }
  };

  return (
    <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={run}>
      {rows === undefined ? t('list.export') : t('list.exporting', { count: rows })}
    </Button>
  );
}
