import { Button, Group } from '@mantine/core';
import { IconUserPlus, IconX } from '@tabler/icons-react';
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
import { useSorting } from '../../shared/list/useSorting';
import { ViewMenu } from '../../shared/list/ViewMenu';
import { LiveMark } from '../../shared/live/LiveMark';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { runWords } from '../../shared/runWords';
import { type RunHead, runsPage, runsQuery, steering, useDefinitions } from './queries';

import { runColumns } from './runColumns';
import { StatisticsRow } from './StatisticsRow';
import { type RunsSearch, spans, statuses } from './search';
import { useRunsStream } from './streams';

const route = getRouteApi('/app/provisioning/runs');

/** Runs, newest first, as they change. */
export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const stream = useRunsStream();
  const definitions = useDefinitions();
  const sorting = useSorting(runColumns, '-created_at');
  const list = useQuery(runsQuery({ ...search, sort: sorting.sort }));
  const { visible, shown, setShown } = useColumnChoice('runs', runColumns);
  const filtered = Object.entries(search).some(
    ([name, value]) => name !== 'cursor' && name !== 'sort' && value !== undefined,
  );
  const subject = (list.data?.items as RunHead[] | undefined)?.find((one) => one.subject_id === search.subject);
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
          <Choice
            label={t('runs.since')}
            value={search.since}
            options={spans.map((value) => ({ value, label: t(`runs.since.${value}`) }))}
            onChange={(since) => change({ since: spans.find((one) => one === since) })}
          />
          {search.subject && (
            <Chip onRemove={() => change({ subject: undefined })}>
              {t('runs.ofSubject', {
                subject: (subject?.subject_name ?? subject?.subject_label) || t('runs.oneSubject'),
              })}
            </Chip>
          )}
          {search.parent && <Chip onRemove={() => change({ parent: undefined })}>{t('runs.ofParent')}</Chip>}
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
            page={(cursor, signal) => runsPage({ ...search, sort: sorting.sort, cursor }, 200, signal)}
          />
        </Group>
      </Group>
      <DataList
        name={t('runs.title')}
        columns={visible}
        query={list}
        cursor={search.cursor}
        {...sorting}
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

/** A filter that no field of the row shows: it came with a link. */
const Chip = ({ children, onRemove }: { children: string; onRemove: () => void }) => (
  <Button
    size="compact-sm"
    variant="light"
    rightSection={<IconX size={14} aria-hidden />}
    onClick={onRemove}
    aria-label={t('runs.removeFilter', { filter: children })}
    data-testid="filter-chip"
  >
    {children}
  </Button>
);

function FirstOrder() {
  return (
    useCan(steering) && (
      <ButtonLink to="/provisioning/new" leftSection={<IconUserPlus size={16} aria-hidden />}>
        {t('order.title')}
      </ButtonLink>
    )
  );
}
