import { describe, expect, test, vi } from 'vitest';
import { everyRow, field, toCsv } from './csv';

describe('one field', () => {
  test.each([
    [null, ''],
    [true, 'true'],
    [-5, '-5'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['@cmd', "'@cmd"],
  ])('%s', (value, text) => expect(field(value)).toBe(text));
});

test('a sheet has a heading line and CRLF ends', () => {
  const columns = [{ key: 'n', label: 'Name', value: (row: { n: string }) => row.n }];
  expect(toCsv(columns, [{ n: 'Ada' }])).toBe('Name\r\nAda\r\n');
});

test('every page is walked, in order', async () => {
  const pages: Record<string, { items: number[]; next_cursor: string | null }> = {
    '': { items: [1, 2], next_cursor: 'b' },
    b: { items: [3], next_cursor: null },
  };
  const progress = vi.fn();
  const page = async (cursor?: string) => pages[cursor ?? ''] ?? { items: [] };
  expect(await everyRow(page, progress, new AbortController().signal)).toEqual([1, 2, 3]);
  expect(progress.mock.calls).toEqual([[2], [3]]);
});

test('an export that was stopped ends between two pages', async () => {
  const stop = new AbortController();
  const page = vi.fn(async () => ({ items: [1], next_cursor: 'again' }));
  await expect(everyRow(page, () => stop.abort(), stop.signal)).rejects.toThrow();
  expect(page).toHaveBeenCalledTimes(2);
});
