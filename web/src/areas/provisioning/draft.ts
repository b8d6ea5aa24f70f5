import type { FormValue } from '../../shared/form/values';

export type Draft<V> = { at: string; key: string; values: V };

const newKey = () => crypto.randomUUID();

/**
 * What was typed so far, kept in this browser so that a reload loses nothing but secrets, and the key under which the order is sent:
 * sent twice, also after a reload, it is one order.
 */
export function draftStore<V extends Record<string, FormValue>>(name: string, empty: V, secrets: readonly (keyof V)[]) {
  const read = (): Draft<V> | undefined => {
    try {
      const found = JSON.parse(localStorage.getItem(name) ?? 'null') as Draft<Partial<V>> | null;
      return found ? { ...found, values: { ...empty, ...found.values } } : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    read,
    begin: (): Draft<V> => ({ at: new Date().toISOString(), key: newKey(), values: empty }),
    write(key: string, values: V) {
      const kept = Object.fromEntries(
        Object.entries(values).filter(([field, value]) => !secrets.includes(field) && value !== empty[field]),
      );
      if (Object.keys(kept).length === 0) {
        localStorage.removeItem(name);
      } else {
        localStorage.setItem(name, JSON.stringify({ at: new Date().toISOString(), key, values: kept }));
      }
    },
    forget: () => localStorage.removeItem(name),
  };
}
