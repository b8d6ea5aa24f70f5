/** A form's text and number fields hold '' for "nothing"; the API's word for it is null. */
export type FormValue = string | number | boolean | string[];

export const sent = (value: FormValue) => (value === '' ? null : value);

/** For a create: everything that was filled in. */
export function filled<V extends Record<string, FormValue>>(values: V): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** For a merge patch: only what differs from the start; emptied fields become null (= clear). */
export function changed<V extends Record<string, FormValue>>(start: V, values: V): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(start[key]))
      .map(([key, value]) => [key, sent(value)]),
  );
}

/** An entity's fields as form values. */
export function toForm<K extends string>(keys: readonly K[], of: Partial<Record<K, unknown>>): Record<K, FormValue> {
  return Object.fromEntries(keys.map((key) => [key, (of[key] as FormValue | null | undefined) ?? ''])) as Record<
    K,
    FormValue
  >;
}
