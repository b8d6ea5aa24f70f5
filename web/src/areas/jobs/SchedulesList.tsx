import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { Enabled } from '../../shared/State';
import { Time } from '../../shared/time';
import { JobStatus } from './JobStatus';
import { kindName, type Schedule, schedulesQuery } from './queries';
import { RunNow } from './RunNow';
import { rhythm } from './rhythm';

/** What is due when, in the tenant's zone, and what its last firing came to. */
export function SchedulesList({ cursor, empty }: { cursor: string | undefined; empty: ReactNode }) {
  const list = useQuery(schedulesQuery(cursor));
  return (
    <DataList
      name={t('jobs.schedules')}
      columns={columns}
      query={list}
      cursor={cursor}
      empty={
        <Empty title={t('jobs.noSchedule')} action={empty}>
          {t('jobs.noScheduleHint')}
        </Empty>
      }
      rowActions={(row) => <RunNow schedule={row} />}
    />
  );
}

const columns: Column<Schedule>[] = [
  {
    key: 'name',
    label: t('jobs.name'),
    value: (row) => row.name,
    render: (row) => (
      <TextLink to="/provisioning/jobs" search={{ job: row.id }} size="sm" fw={550}>
        {row.name}
      </TextLink>
    ),
  },
  { key: 'kind', label: t('jobs.kind'), from: 'sm', value: (row) => kindName(row.kind) },
  {
    key: 'when',
    label: t('jobs.when'),
    from: 'sm',
    value: rhythm,
    render: (row) => (
      <span className={row.cron === rhythm(row) ? 'mono' : undefined} title={row.cron ?? undefined}>
        {rhythm(row)}
      </span>
    ),
  },
  {
    key: 'next',
    label: t('jobs.next'),
    value: (row) => row.next_at,
    render: (row) => <Time at={row.next_at} never={t('jobs.notDue')} />,
  },
  {
    key: 'last',
    label: t('jobs.last'),
    from: 'sm',
    value: (row) => row.last_fired_at,
    render: (row) => <Time at={row.last_fired_at} show="age" />,
  },
  {
    key: 'status',
    label: t('jobs.result'),
    value: (row) => row.last_status,
    render: (row) => row.last_status && <JobStatus status={row.last_status} run={row.last_run_id} />,
  },
  {
    key: 'enabled',
    label: t('is.enabled'),
    from: 'md',
    value: (row) => row.enabled,
    render: (row) => <Enabled enabled={row.enabled} />,
  },
];
