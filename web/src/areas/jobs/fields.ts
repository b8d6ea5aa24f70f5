import type { FormValue } from '../../shared/form/values';
import type { Schedule, ScheduleFields } from './queries';

export type ScheduleValues = Record<
  'name' | 'description' | 'kind' | 'parameters' | 'way' | 'cron' | 'interval_seconds' | 'enabled',
  FormValue
>;

export const emptySchedule: ScheduleValues = {
  name: '',
  description: '',
  kind: '',
  parameters: '',
  way: 'cron',
  cron: '0 30 2 * * ?',
  interval_seconds: 3600,
  enabled: true,
};

export const valuesOf = (of: Schedule): ScheduleValues => ({
  name: of.name,
  description: of.description ?? '',
  kind: of.kind,
  parameters: pretty(of.parameters),
  way: of.cron ? 'cron' : 'interval',
  cron: of.cron ?? '0 30 2 * * ?',
  interval_seconds: of.interval_seconds ?? 3600,
  enabled: of.enabled,
});

export const pretty = (json: unknown) => JSON.stringify(json ?? {}, null, 2);

/** What is sent. Parameters that are no JSON are sent as the text they are, so that the server says what is wrong. */
export function sentOf(values: ScheduleValues): ScheduleFields {
  const cron = values.way === 'cron';
  return {
    name: String(values.name),
    description: String(values.description),
    kind: String(values.kind),
    parameters: readJson(String(values.parameters)),
    cron: cron ? String(values.cron) : null,
    interval_seconds: cron ? null : Number(values.interval_seconds),
    enabled: Boolean(values.enabled),
  } as ScheduleFields;
}

export function readJson(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return text;
  }
}
