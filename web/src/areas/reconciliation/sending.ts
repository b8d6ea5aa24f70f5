import { asProblem, Problem } from '../../api/problem';
import type { Begun, Finding } from './queries';

/** A finding as it was confirmed: what names it, and what the API knows it by. */
export type Confirmed = Pick<Finding, 'id' | 'token' | 'kind' | 'subject_label' | 'what'>;
type Answer = Begun['findings'][number];
type Stop = Pick<Problem, 'status' | 'code' | 'title' | 'detail' | 'requestId'>;

/**
 * A repair of many: what was confirmed, in the order in which it is sent, and the answers so far, in that order. What has no answer yet was
 * not sent, or its answer was lost.
 */
export type Mending = {
  /** Each go is sent under it with its number: sent twice, it begins nothing twice. */
  mark: string;
  at: string;
  asked: Confirmed[];
  answers: Answer[];
  /** Of each go that began something. */
  repairs: string[];
  stopped?: Stop;
};

export const leftOf = (of: Mending) => of.asked.length - of.answers.length;
export const whyStopped = (of: Mending) => of.stopped && new Problem(of.stopped);

/** How many findings the API takes in one go. */
export const perGo = 500;

type Send = (of: Confirmed[], key: string) => Promise<Begun>;
export type Now = { mending: Mending | undefined; sending: boolean };

/**
 * The latest repair of many of this tab. It is sent in goes, one after the other, and stops at the first that fails; what became of it is
 * kept with the tab, so that a reload loses nothing that the API does not keep.
 */
export function mendingStore(name: string, send: Send) {
  let now: Now = { mending: read(name), sending: false };
  const listeners = new Set<() => void>();
  const set = (next: Now) => {
    now = next;
    for (const one of listeners) {
      one();
    }
  };
  const keep = (mending: Mending | undefined, sending: boolean) => {
    write(name, mending);
    set({ mending, sending });
  };

  async function run(begun: Mending) {
    let mending = begun;
    try {
      while (leftOf(mending) > 0) {
        keep(mending, true);
        const { mark, asked, answers, repairs } = mending;
        const go = asked.slice(answers.length, answers.length + perGo);
        const { findings, repair_id } = await send(go, `${mark}-${Math.floor(answers.length / perGo)}`);
        if (findings.length !== go.length) {
          throw new Error(`${go.length} were sent, and ${findings.length} answered.`);
        }
        mending = {
          ...mending,
          answers: [...answers, ...findings],
          repairs: repair_id ? [...repairs, repair_id] : repairs,
        };
      }
    } catch (error) {
      const { status, code, title, detail, requestId } = asProblem(error);
      mending = { ...mending, stopped: { status, code, title, detail, requestId } };
    }
    keep(mending, false);
  }

  return {
    now: () => now,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Nothing else is sent meanwhile. */
    begin: (findings: readonly Finding[], mark: string) =>
      now.sending
        ? Promise.resolve()
        : run({
            mark,
            at: new Date().toISOString(),
            asked: findings.map(({ id, token, kind, subject_label, what }) => ({
              id,
              token,
              kind,
              subject_label,
              what,
            })),
            answers: [],
            repairs: [],
          }),
    /** What has no answer yet, from the go that failed on. */
    goOn: () => (now.mending && !now.sending ? run({ ...now.mending, stopped: undefined }) : Promise.resolve()),
    forget: () => now.sending || keep(undefined, false),
  };
}

function read(name: string): Mending | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(name) ?? 'null') as Mending | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(name: string, mending: Mending | undefined) {
  try {
    if (mending) {
      sessionStorage.setItem(name, JSON.stringify(mending));
    } else {
      sessionStorage.removeItem(name);
    }
  } catch {
    // A tab that keeps nothing, or not so much: it is told as long as the page stands. What was kept before stays: what is sent again from there
    // begins nothing twice.
  }
}
