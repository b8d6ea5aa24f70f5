import { Box, Group, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { DataList } from '../../shared/list/DataList';
import { useSorting } from '../../shared/list/useSorting';
import { Page } from '../../shared/Page';
import { Time } from '../../shared/time';
import { type RunHead, runsQuery } from './queries';
import { RunActions } from './RunActions';
import { Fault, runColumns } from './runColumns';

const route = getRouteApi('/app/provisioning/repairs');
/** As in the list of runs; a phone shows below the name what the matter is. */
const columns = runColumns
  .filter((column) => !column.optional && column.key !== 'took' && column.key !== 'status')
  .map((column) =>
    column.key === 'subject'
      ? {
          ...column,
          sort: 'subject_label',
          render: (run: RunHead) => (
            <Stack gap={2}>
              {column.render?.(run)}
              <Box hiddenFrom="md">
                <Fault run={run} />
              </Box>
            </Stack>
          ),
        }
      : column.key === 'definition'
        ? { ...column, sort: 'definition', from: 'sm' as const }
        : column.key === 'created'
          ? { ...column, render: (run: RunHead) => <Time at={run.created_at} show="age" /> }
          : column,
  );

/** The dead-letter, and the lines that work with a step missing: each with what can be done about it. */
export function RepairsPage() {
  const { tab, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const status = tab ?? 'stuck';
  const sorting = useSorting(columns, '-created_at');
  const list = useQuery(runsQuery({ status, sort: sorting.sort, cursor }));
  return (
    <Page title={t('repairs.title')} lead={t('repairs.lead')}>
      <Tabs
        value={status}
        onChange={(value) => navigate({ search: value === 'degraded' ? { tab: 'degraded' } : {} })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="stuck">{t('repairs.stuck')}</Tabs.Tab>
          <Tabs.Tab value="degraded">{t('repairs.degraded')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={status}>
          <DataList
            name={t(`repairs.${status}`)}
            columns={columns}
            query={list}
            cursor={cursor}
            {...sorting}
            empty={
              status === 'stuck' ? (
                <Empty title={t('repairs.noneStuck')}>{t('repairs.noneStuckHint')}</Empty>
              ) : (
                <Empty title={t('repairs.noneDegraded')}>{t('repairs.noneDegradedHint')}</Empty>
              )
            }
            rowActions={(run) => (
              <Group gap={6} justify="flex-end">
                <RunActions run={run} size="compact-sm" />
              </Group>
            )}
          />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
