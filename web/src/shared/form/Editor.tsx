import { Button, Group, Stack } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Fault } from '../../api/problem';
import { t } from '../../messages';
import classes from './Editor.module.css';
import { FormDrawer } from './FormDrawer';
import { FormProblem } from './FormProblem';
import { showFaults } from './faults';
import type { FormValue } from './values';

type Props<V extends Record<string, FormValue>> = {
  title: string;
  start: V;
  creating: boolean;
  /** What the button says, where it is neither Create nor Save. */
  submit?: string;
  /** Fields that are shown and not written here. */
  locked?: readonly string[];
  /** The form's name of a field, where the API has another one. */
  nameOf?: (field: string) => string;
  /** Writes the values; what it throws is shown, faults at their fields, all at once. */
  save: (values: V) => Promise<unknown>;
  onClose: () => void;
  /** After a successful write, where closing is not what comes next. */
  onSaved?: () => void;
  /** Offered when someone else changed the entity meanwhile. */
  onReload?: () => void;
  children: (form: UseFormReturnType<V>) => ReactNode;
};

/** The drawer in which an entity is written. */
export function Editor<V extends Record<string, FormValue>>(props: Props<V>) {
  const {
    title,
    start,
    creating,
    save,
    onClose,
    onSaved = onClose,
    onReload,
    submit,
    locked,
    nameOf,
    children,
  } = props;
  const [unplaced, setUnplaced] = useState<Fault[]>([]);
  const form = useForm<V>({
    mode: 'controlled',
    initialValues: start,
    enhanceGetInputProps: ({ field }) => (locked?.includes(String(field)) ? { disabled: true } : {}),
  });
  const write = useMutation({
    mutationFn: save,
    onSuccess: onSaved,
    onError: (error) => setUnplaced(showFaults(form, error, nameOf)),
  });

  return (
    <FormDrawer title={title} dirty={form.isDirty()} onClose={onClose}>
      {(leave) => (
        <form onSubmit={form.onSubmit((values) => write.mutate(values))} noValidate>
          <Stack gap="sm">
            {write.isError && <FormProblem error={write.error} unplaced={unplaced} onReload={onReload} />}
            {children(form)}
            <Group justify="flex-end" gap="xs" className={classes.foot}>
              <Button variant="default" onClick={leave}>
                {t('do.cancel')}
              </Button>
              <Button type="submit" loading={write.isPending}>
                {submit ?? (creating ? t('do.create') : t('do.save'))}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDrawer>
  );
}
