import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lookup, t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { Time } from '../../shared/time';
import { JobDrawer } from './JobDrawer';
import { JobState } from './JobState';
import { NewBulk } from './NewBulk';
import { type Job, jobsQuery } from './queries';

const route = getRouteApi('/app/bulk');

/** One operation for many subscribers: previewed, confirmed, in waves, undone. */
export function BulkPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayConfigure = useCan('isp.oss.configure');
  const list = useQuery(jobsQuery(search.cursor));
  const close = () => navigate({ search: { cursor: search.cursor } });
  const createButton = mayConfigure && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}
    >
      {t('bulk.create')}
    </Button>
  );
  return (
    <Page title={t('bulk.title')} lead={t('bulk.lead')} actions={createButton}>
      <DataList
        name={t('bulk.title')}
        columns={columns}
        query={list}
        cursor={search.cursor}
        empty={
          <Empty title={t('bulk.empty')} action={createButton}>
            {t('bulk.emptyHint')}
          </Empty>
        }
      />
      {search.create && mayConfigure && <NewBulk onClose={close} onStarted={(job) => navigate({ search: { job } })} />}
      {search.job && (
        <JobDrawer key={search.job} id={search.job} onClose={close} onUndo={(job) => navigate({ search: { job } })} />
      )}
    </Page>
  );
}

const columns: Column<Job>[] = [
  {
    key: 'at',
    label: t('decisions.col.at'),
    value: (row) => row.created_at,
    render: (row) => (
      <TextLink to="/bulk" search={{ job: row.id }} size="sm" fw={550}>
        <Time at={row.created_at} />
      </TextLink>
    ),
  },
  { key: 'kind', label: t('bulk.kind'), value: (row) => lookup(`bulk.kind.${row.kind}`) ?? row.kind },
  { key: 'state', label: t('bulk.state'), value: (row) => row.state, render: (row) => <JobState job={row} /> },
  {
    key: 'total',
    label: t('bulk.lines'),
    align: 'right',
    value: (row) => row.total,
    render: (row) => count(row.total),
  },
  { key: 'done', label: t('bulk.done'), align: 'right', from: 'sm', value: (row) => row.done },
  { key: 'failed', label: t('bulk.failed'), align: 'right', from: 'sm', value: (row) => row.failed },
  { key: 'skipped', label: t('bulk.skipped'), align: 'right', from: 'md', value: (row) => row.skipped },
  { key: 'by', label: t('audit.actor'), from: 'md', value: (row) => row.created_by },
];
