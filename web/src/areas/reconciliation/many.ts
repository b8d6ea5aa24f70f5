import type { Begun, Finding, Repairs } from './queries';
import type { Confirmed } from './sending';

type Kind = Finding['kind'];
/** Findings of one kind; of those that are not repaired with the permission that is lacking, undefined when there is no fix. */
export type Lot = { kind: Kind; of: Finding[]; lacking?: string };

const mayRepair = (permissions: readonly string[], of: Finding) =>
  of.fix != null && of.fix_needs != null && permissions.includes(of.fix_needs);

/** What can be ticked, and is repaired when it is meant. */
export const repairable = (permissions: readonly string[]) => (of: Finding) => mayRepair(permissions, of);

/** What is meant, parted into what is repaired, by kind, and what is not, with why; the most frequent kind first. */
export function partsOf(found: readonly Finding[], permissions: readonly string[]) {
  const chosen = found.filter(repairable(permissions));
  return {
    chosen,
    kinds: lots(chosen),
    without: lots(
      found.filter((one) => !mayRepair(permissions, one)),
      (one) => (one.fix == null ? undefined : (one.fix_needs ?? undefined)),
    ),
  };
}

function lots(of: readonly Finding[], lacking: (one: Finding) => string | undefined = () => undefined): Lot[] {
  const found = new Map<string, Lot>();
  for (const one of of) {
    const key = `${one.kind} ${lacking(one)}`;
    const lot = found.get(key) ?? { kind: one.kind, of: [], lacking: lacking(one) };
    lot.of.push(one);
    found.set(key, lot);
  }
  return [...found.values()].sort((a, b) => b.of.length - a.of.length);
}

export type State = Repairs['items'][number]['state'] | 'refused' | 'under_way';
export type Line = {
  id: string;
  kind?: string;
  label?: string;
  what?: string | null;
  state: State;
  run?: string | null;
  waitsFor?: string | null;
  code?: string | null;
  detail?: string | null;
};

/** What became of each: what failed or was not begun first, then what goes on, then what is done. */
const order: State[] = ['failed', 'refused', 'under_way', 'running', 'waiting', 'repaired', 'gone'];

/** The runs as they stand, and what was answered when it was asked for and has no run of this repair. */
export function linesOf(items: Repairs['items'], answers: Begun['findings'], asked: readonly Confirmed[]): Line[] {
  const known = new Map(asked.map((one) => [one.id, one]));
  const going: Line[] = items.map((one) => ({
    id: one.id,
    kind: one.kind,
    label: one.subject_label,
    what: one.what ?? known.get(one.id)?.what,
    state: one.state,
    run: one.run_id,
    waitsFor: one.waits_for,
    code: one.code,
    detail: one.detail,
  }));
  const ofRun = new Set(going.map((one) => one.run));
  const rest: Line[] = answers
    .filter((one) => !ofRun.has(one.run_id))
    .map((one) => ({
      id: one.id,
      kind: known.get(one.id)?.kind,
      label: known.get(one.id)?.subject_label,
      what: known.get(one.id)?.what,
      state: one.outcome === 'started' ? 'waiting' : one.outcome,
      run: one.run_id,
      code: one.code,
      detail: one.detail,
    }));
  return [...going, ...rest].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

/** How many there are in each state, in the order of the list. */
export const sumsOf = (lines: readonly Line[]) =>
  order.map((state) => [state, lines.filter((one) => one.state === state).length] as const).filter(([, many]) => many);

/** Nothing more comes of it by itself. */
export const isEnded = (state: State) => state !== 'waiting' && state !== 'running';
