import type { RunHead } from '../../provisioning/queries';

type Waiting = Pick<RunHead, 'id' | 'not_before' | 'cancel_requested'>;
export type PlanOrder = { id: string; at: string };

/** The changes of plan that are ordered for later and will be made, the earliest first. */
export const ordersOf = (runs: readonly Waiting[]): PlanOrder[] =>
  runs
    .flatMap(({ id, not_before: at, cancel_requested }) => (at && !cancel_requested ? [{ id, at }] : []))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));

/** By then the line has another plan than now. */
export const isOrderedBefore = (orders: readonly PlanOrder[], at: string) =>
  orders.some((one) => Date.parse(one.at) <= Date.parse(at));
