import { Text } from '@mantine/core';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { runWords } from '../../shared/runWords';
import { Time } from '../../shared/time';
import type { RunHead } from './queries';
import { RunState } from './RunState';
import { RunWaits } from './RunWaits';
import { took } from './run';

const ms = (run: RunHead) =>
  run.started_at && run.finished_at ? Date.parse(run.finished_at) - Date.parse(run.started_at) : undefined;

/** What stands in a run's way: of a stuck one the undoing that failed, else what turned it back. */
export function Fault({ run }: { run: RunHead }) {
  const isStuck = run.status === 'stuck' && run.stuck_message !== null;
  const [step, message] = isStuck ? [run.stuck_step, run.stuck_message] : [run.error_step, run.error_message];
  return (
    message && (
      <Text size="sm" lineClamp={3} maw={420} title={message}>
        {step && `${runWords('step', step)}: `}
        {isStuck && `${t('run.undoFailed')}. `}
        {message}
      </Text>
    )
  );
}

export const runColumns: Column<RunHead>[] = [
  {
    key: 'subject',
    label: t('run.subject'),
    value: (row) => row.subject_label,
    render: (row) => (
      <>
        <TextLink to="/provisioning/runs/$id" params={{ id: row.id }} size="sm" fw={550}>
          {row.subject_label}
        </TextLink>
        {row.subject_name && row.subject_name !== row.subject_label && (
          <Text size="xs" c="dimmed">
            {row.subject_name}
          </Text>
        )}
      </>
    ),
  },
  { key: 'name', label: t('order.username'), optional: true, value: (row) => row.subject_name },
  {
    key: 'definition',
    label: t('run.what'),
    value: (row) => row.definition,
    render: (row) => runWords('definition', row.definition),
  },
  {
    key: 'status',
    label: t('run.status'),
    value: (row) => row.status,
    render: (row) => (
      <>
        <RunState run={row} />
        <RunWaits run={row} size="xs" />
      </>
    ),
  },
  {
    key: 'error',
    label: t('run.error'),
    from: 'md',
    value: (row) => row.stuck_message ?? row.error_message,
    render: (row) => <Fault run={row} />,
  },
  {
    key: 'created',
    sort: 'created_at',
    label: t('run.createdAt'),
    from: 'sm',
    value: (row) => row.created_at,
    render: (row) => <Time at={row.created_at} />,
  },
  {
    key: 'took',
    label: t('run.took'),
    align: 'right',
    from: 'sm',
    value: ms,
    render: (row) => {
      const value = ms(row);
      return value === undefined ? '' : took(value);
    },
  },
  { key: 'by', label: t('run.startedBy'), from: 'lg', value: (row) => row.started_by },
  {
    key: 'finished',
    label: t('run.finishedAt'),
    optional: true,
    value: (row) => row.finished_at,
    render: (row) => <Time at={row.finished_at} never="" />,
  },
  {
    key: 'changed',
    sort: 'changed_at',
    label: t('run.changedAt'),
    optional: true,
    value: (row) => row.changed_at,
    render: (row) => <Time at={row.changed_at} />,
  },
  {
    key: 'id',
    label: t('run.id'),
    optional: true,
    value: (row) => row.id,
    render: (row) => <span className="mono">{row.id}</span>,
  },
];
