import type { Run, Step } from './queries';

/** What the mark beside a step says; each has a shape of its own. */
export type Mark =
  | 'waiting'
  | 'busy'
  | 'again'
  | 'done'
  | 'skipped'
  | 'absent'
  | 'failed'
  | 'undoing'
  | 'undone'
  | 'undo_failed';

const marks: Record<string, Mark> = {
  waiting: 'waiting',
  running: 'busy',
  done: 'done',
  skipped: 'skipped',
  not_configured: 'absent',
  failed: 'failed',
  undoing: 'undoing',
  undone: 'undone',
  undo_failed: 'undo_failed',
};

/** An attempt failed in a way that may pass: it is going to be made again. */
export const willRepeat = (step: Pick<Step, 'status' | 'error_code'>) =>
  ['waiting', 'running'].includes(step.status) && Boolean(step.error_code);

export const markOf = (step: Pick<Step, 'status'> & Partial<Pick<Step, 'error_code'>>): Mark =>
  willRepeat({ error_code: null, ...step }) ? 'again' : (marks[step.status] ?? 'waiting');

/** The steps that were taken back or still have to be, in the order in which that happens: last first. */
export function undoing(run: Pick<Run, 'status' | 'steps'>): Step[] {
  const isTurned = ['compensating', 'stuck', 'given_up'].includes(run.status);
  return run.steps
    .filter(({ status }) => ['undoing', 'undone', 'undo_failed'].includes(status) || (isTurned && status === 'done'))
    .reverse();
}

export type Tone = 'ok' | 'warn' | 'bad' | 'idle';
const tones: Record<string, Tone> = {
  pending: 'idle',
  running: 'idle',
  completed: 'ok',
  degraded: 'warn',
  compensating: 'warn',
  compensated: 'idle',
  stuck: 'bad',
  given_up: 'bad',
};
export const toneOf = (run: Pick<Run, 'status'>): Tone => tones[run.status] ?? 'idle';

const over = new Set(['completed', 'degraded', 'compensated', 'stuck', 'given_up']);
export const isOver = (run: Pick<Run, 'status'>) => over.has(run.status);

/** Whether the answer came from a machine that is only played. */
export function isSimulated(step: Pick<Step, 'output'>): boolean {
  const output = step.output;
  if (typeof output !== 'object' || output === null) {
    return false;
  }
  const of = output as Record<string, unknown>;
  return of.simulated === true || of.is_simulated === true || of.driver === 'simulated';
}

/** Data as rows for reading: `a.b` for what is nested, lists in one line, nothings left out. */
export function flat(data: unknown, path = ''): [name: string, value: string][] {
  if (data === null || data === undefined || data === '') {
    return [];
  }
  if (Array.isArray(data)) {
    if (data.every((one) => typeof one !== 'object' || one === null)) {
      return data.length === 0 ? [] : [[path, data.join(', ')]];
    }
    return data.flatMap((one, index) => flat(one, `${path}[${index + 1}]`));
  }
  if (typeof data === 'object') {
    return Object.entries(data).flatMap(([name, value]) => flat(value, path ? `${path}.${name}` : name));
  }
  return [[path, String(data)]];
}

/** Rows for an operator: nothings and the engine's own notes left out, and what `known` says already too. */
export function worth(data: unknown, known?: unknown): [name: string, value: string][] {
  const said = new Set(flat(known).map(([name, value]) => `${name}=${value}`));
  const rows = flat(data).filter(([name, value]) => !name.startsWith('steps.') && !said.has(`${name}=${value}`));
  // What people read first; ids and keys, which are for looking things up, after it.
  const isForLookup = ([name]: [string, string]) => /(^|[._])(id|key)$/.test(name);
  return [...rows.filter((row) => !isForLookup(row)), ...rows.filter(isForLookup)];
}

/** How far a run is: steps that are behind it, of all. */
export function progress(run: Pick<Run, 'steps'>): { past: number; all: number } {
  const behind = run.steps.filter((step) => !['waiting', 'running'].includes(step.status)).length;
  return { past: behind, all: run.steps.length };
}

/** Milliseconds in words that fit: `0.4 ms`, `12 ms`, `3.2 s`. */
export function took(ms: number): string {
  if (ms < 1000) {
    return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  }
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
