import type { Page } from '../../api/types';
import type { Column, CsvValue } from './columns';

/** One field: quoted where RFC 4180 asks; a leading = + - @ is disarmed so that a spreadsheet does not run it. */
export function field(value: CsvValue): string {
  if (value === null || value === undefined) {
    return '';
  }
  const raw = String(value);
  const plain = typeof value === 'string' && /^[=+\-@\t\r]/.test(raw) ? `'${raw}` : raw;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function toCsv<T>(columns: Column<T>[], rows: T[]): string {
  const lines = [
    columns.map((column) => field(column.label)),
    ...rows.map((row) => columns.map((column) => field(column.value(row)))),
  ];
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

/** Walks every page. `progress` hears the number of rows so far; `signal` stops it. */
export async function everyRow<T>(
  page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  progress: (rows: number) => void,
  signal: AbortSignal,
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(cursor, signal);
    signal.throwIfAborted();
    rows.push(...next.items);
    progress(rows.length);
    cursor = next.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}

export function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
