import { Button, Group } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { ButtonLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { SearchBox } from '../../shared/list/SearchBox';
import { ViewMenu } from '../../shared/list/ViewMenu';
import { LiveMark } from '../../shared/live/LiveMark';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { runWords } from '../../shared/runWords';
import { runsPage, runsQuery, steering, useDefinitions } from './queries';

import { runColumns } from './runColumns';
import { StatisticsRow } from './StatisticsRow';
import { type RunsSearch, statuses } from './search';
import { useRunsStream } from './streams';

const route = getRouteApi('/app/provisioning/runs');

/** Runs, newest first, as they change. */
export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const stream = useRunsStream();
  const definitions = useDefinitions();
  const list = useQuery(runsQuery(search));
  const { visible, shown, setShown } = useColumnChoice('runs', runColumns);
  const filtered = [search.q, search.status, search.definition, search.subject].some((one) => one !== undefined);
  const change = (part: Partial<RunsSearch>) =>
    navigate({ search: (now) => ({ ...now, cursor: undefined, ...part }), replace: 'q' in part });
  return (
    <Page title={t('runs.title')} lead={t('runs.lead')} actions={<LiveMark state={stream} />}>
      <StatisticsRow />
      <Group justify="space-between" align="flex-end" gap="xs">
        <Group gap="xs" style={{ flex: 1 }}>
          <SearchBox
            label={t('runs.search')}
            placeholder={t('runs.searchHint')}
            value={search.q}
            onChange={(q) => change({ q })}
          />
          <Choice
            label={t('run.status')}
            value={search.status}
            options={statuses.map((value) => ({ value, label: t(`run.status.${value}`) }))}
            onChange={(status) => change({ status: statuses.find((one) => one === status) })}
          />
          <Choice
            label={t('run.what')}
            value={search.definition}
            options={definitions.map((value) => ({ value, label: runWords('definition', value) }))}
            onChange={(definition) => change({ definition })}
          />
          {filtered && (
            <Button variant="subtle" onClick={() => navigate({ search: {} })}>
              {t('do.clearFilters')}
            </Button>
          )}
        </Group>
        <Group gap="xs">
          <ViewMenu
            list="runs"
            search={search}
            columns={shown}
            onOpen={(view, columns) => {
              void navigate({ search: view });
              if (columns) {
                setShown(columns);
              }
            }}
          />
          <ColumnMenu columns={runColumns} shown={shown} onChange={setShown} />
          <ExportButton
            name="runs"
            columns={visible}
            page={(cursor, signal) => runsPage({ ...search, cursor }, 200, signal)}
          />
        </Group>
      </Group>
      <DataList
        name={t('runs.title')}
        columns={visible}
        query={list}
        cursor={search.cursor}
        filtered={filtered}
        empty={
          <Empty title={t('runs.empty')} action={<FirstOrder />}>
            {t('runs.emptyHint')}
          </Empty>
        }
      />
    </Page>
  );
}

function FirstOrder() {
  return (
    useCan(steering) && (
      <ButtonLink to="/provisioning/new" leftSection={<IconUserPlus size={16} aria-hidden />}>
        {t('order.title')}
      </ButtonLink>
    )
  );
}
