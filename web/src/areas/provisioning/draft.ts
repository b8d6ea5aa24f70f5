import type { FormValue } from '../../shared/form/values';

export type Draft<V> = { at: string; key: string; values: V };

const newKey = () => crypto.randomUUID();

/**
 * What was typed so far, kept with this tab so that a reload loses nothing but secrets, and the key under which the order is sent: sent
 * twice, also after a reload, it is one order. Another tab is another order, with a draft and a key of its own.
 */
export function draftStore<V extends Record<string, FormValue>>(name: string, empty: V, secrets: readonly (keyof V)[]) {
  const read = (): Draft<V> | undefined => {
    try {
      const found = JSON.parse(sessionStorage.getItem(name) ?? 'null') as Draft<Partial<V>> | null;
      return found ? { ...found, values: { ...empty, ...found.values } } : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    read,
    newKey,
    write(key: string, values: V) {
      const kept = Object.fromEntries(
        Object.entries(values).filter(([field, value]) => !secrets.includes(field) && value !== empty[field]),
      );
      if (Object.keys(kept).length === 0) {
        sessionStorage.removeItem(name);
      } else {
        sessionStorage.setItem(name, JSON.stringify({ at: new Date().toISOString(), key, values: kept }));
      }
    },
    forget: () => sessionStorage.removeItem(name),
  };
}
