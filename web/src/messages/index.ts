import { en } from './en';

export type MessageKey = keyof typeof en;
type Values = Record<string, string | number>;

const catalogue: Record<string, string> = en;
const plural = new Intl.PluralRules('en');

function fill(template: string, values: Values | undefined) {
  return values ? template.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all)) : template;
}

/** The sentence of this key with `{name}` places filled. */
export function t(key: MessageKey, values?: Values): string {
  return fill(catalogue[key] ?? key, values);
}

/** Chooses `key.one` or `key.other` by the language's own rules; `{count}` is filled, grouped. */
export function tn(key: string, count: number, values?: Values): string {
  const form = catalogue[`${key}.${plural.select(count)}`] ?? catalogue[`${key}.other`] ?? key;
  return fill(form, { count: count.toLocaleString('en'), ...values });
}

/** For keys made from data (reason codes, kinds): undefined when the catalogue does not know it. */
export function lookup(key: string): string | undefined {
  return catalogue[key];
}
