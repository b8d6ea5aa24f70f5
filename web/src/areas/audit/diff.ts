export type Change = { field: string; before: unknown; after: unknown; differs: boolean };

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Every field of either side, the differing ones first. Values that are no objects count as one field. */
export function diff(before: unknown, after: unknown): Change[] {
  const [left, right] = [record(before), record(after)];
  const fields = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return fields
    .map((field) => ({
      field,
      before: left[field],
      after: right[field],
      differs: JSON.stringify(left[field] ?? null) !== JSON.stringify(right[field] ?? null),
    }))
    .sort((a, b) => Number(b.differs) - Number(a.differs));
}

export function shown(value: unknown): string {
  return value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
}
