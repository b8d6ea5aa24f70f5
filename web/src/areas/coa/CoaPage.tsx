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
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { NewRun } from './NewRun';
import { type Run, runsQuery } from './queries';
import { RunDrawer } from './RunDrawer';

const route = getRouteApi('/app/coa');
const tones = { running: 'warn', done: 'ok', cancelled: 'idle' } as const;

export const RunState = ({ run }: { run: Run }) => (
  <State tone={tones[run.state as keyof typeof tones] ?? 'idle'} testId="run-state">
    {lookup(`coa.state.${run.state}`) ?? run.state}
  </State>
);

/** Changes of many sessions at once: previewed, sent in order, verified by accounting, and stopped at will. */
export function CoaPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useCan('isp.radius.sessions.manage');
  const list = useQuery(runsQuery(search.cursor));
  const createButton = mayManage && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate({ search: (now) => ({ ...now, create: true }) })}
    >
      {t('coa.create')}
    </Button>
  );
  return (
    <Page title={t('coa.title')} lead={t('coa.lead')} actions={createButton}>
      <DataList
        name={t('coa.title')}
        columns={columns}
        query={list}
        cursor={search.cursor}
        empty={
          <Empty title={t('coa.empty')} action={createButton}>
            {t('coa.emptyHint')}
          </Empty>
        }
      />
      {search.create && mayManage && (
        <NewRun
          start={search}
          onClose={() => navigate({ search: { cursor: search.cursor } })}
          onStarted={(run) => navigate({ search: { run } })}
        />
      )}
      {search.run && (
        <RunDrawer key={search.run} id={search.run} onClose={() => navigate({ search: { cursor: search.cursor } })} />
      )}
    </Page>
  );
}

const columns: Column<Run>[] = [
  {
    key: 'at',
    label: t('decisions.col.at'),
    value: (row) => row.created_at,
    render: (row) => (
      <TextLink to="/coa" search={{ run: row.id }} size="sm" fw={550}>
        <Time at={row.created_at} />
      </TextLink>
    ),
  },
  { key: 'kind', label: t('coa.kind'), value: (row) => lookup(`coa.kind.${row.kind}`) ?? row.kind },
  { key: 'state', label: t('coa.state'), value: (row) => row.state, render: (row) => <RunState run={row} /> },
  { key: 'total', label: t('coa.total'), align: 'right', value: (row) => row.total, render: (row) => count(row.total) },
  { key: 'done', label: t('coa.done'), align: 'right', from: 'sm', value: (row) => row.done },
  { key: 'failed', label: t('coa.failed'), align: 'right', from: 'sm', value: (row) => row.failed },
  { key: 'verified', label: t('coa.verified'), align: 'right', from: 'sm', value: (row) => row.verified },
  { key: 'by', label: t('audit.actor'), from: 'md', value: (row) => row.created_by },
];
