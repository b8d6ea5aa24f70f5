import type { UseFormReturnType } from '@mantine/form';
import { asProblem, type Fault } from '../../api/problem';

/** Puts each fault of a refused write at its field. Answers the faults that belong to no field of this form. */
export function showFaults<V extends Record<string, unknown>>(form: UseFormReturnType<V>, error: unknown): Fault[] {
  const { faults } = asProblem(error);
  const own = faults.filter((fault) => fault.field in form.values);
  form.setErrors(Object.fromEntries(own.map((fault) => [fault.field, fault.message])));
  const first = own[0];
  if (first) {
    form.getInputNode(first.field)?.focus();
  }
  return faults.filter((fault) => !own.includes(fault));
}
