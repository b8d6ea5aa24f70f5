import { Button, Group, Skeleton, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Session } from '../../api/types';
import { t, tn } from '../../messages';
import { Card } from '../../shared/Card';
import { Empty } from '../../shared/Empty';
import { ButtonLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { ExportButton } from '../../shared/list/ExportButton';
import { SearchBox } from '../../shared/list/SearchBox';
import { ViewMenu } from '../../shared/list/ViewMenu';
import { LiveMark } from '../../shared/live/LiveMark';
import { useNasList } from '../../shared/lookups';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { liveColumns, sessionColumns } from './columns';
import { DisconnectDialog } from './DisconnectDialog';
import { LiveTable } from './LiveTable';
import { sessionsPage, useLiveSessions } from './useLiveSessions';

const route = getRouteApi('/app/sessions');

export function SessionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const nasList = useNasList();
  const list = useLiveSessions(search);
  const { stream, length, marks } = list;
  const { shown, setShown } = useColumnChoice('sessions', liveColumns);
  const [cutting, setCutting] = useState<Session>();
  const filtered = Boolean(search.q ?? search.nas);
  const changed = list.ended + (search.sort ? list.started : 0);

  return (
    <Page title={t('sessions.title')} lead={t('sessions.lead')} actions={<LiveMark state={stream} />}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" style={{ flex: '1 1 18rem' }}>
          <SearchBox
            label={t('sessions.search')}
            placeholder={t('sessions.searchHint')}
            value={search.q}
            onChange={(q) => navigate({ search: (now) => ({ ...now, q }), replace: true })}
          />
          <Choice
            label={t('sessions.filter.nas')}
            value={search.nas}
            options={nasList.map((one) => ({ value: one.id, label: one.shortname }))}
            onChange={(nas) => navigate({ search: (now) => ({ ...now, nas }) })}
          />
        </Group>
        <Group gap="xs">
          <Text size="sm" c="dimmed" data-testid="session-count">
            {tn('sessions.online', list.online)}
          </Text>
          {changed > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              loading={marks.isFetching}
              onClick={() => marks.refetch()}
            >
              {t('sessions.changed', { started: list.started, ended: list.ended })}
            </Button>
          )}
          <ViewMenu
            list="sessions"
            search={search}
            columns={shown}
            onOpen={(view, columns) => {
              void navigate({ search: view });
              if (columns) {
                setShown(columns);
              }
            }}
          />
          <ColumnMenu columns={liveColumns} shown={shown} onChange={setShown} />
          <ExportButton
            name="sessions"
            columns={sessionColumns}
            page={(cursor, signal) => sessionsPage(search, cursor, 500, signal)}
          />
        </Group>
      </Group>
      {stream === 'stale' && (
        <Text size="sm" c="var(--dm-bad)">
          {t('sessions.staleNote')}
        </Text>
      )}
      {list.failure && <ProblemAlert error={list.failure} onRetry={list.retry} />}
      {marks.isPending && <Skeleton height={320} />}
      {marks.data && length === 0 && (
        <Card>
          {filtered ? (
            <Empty title={t('list.nothing')}>{t('list.nothingHint')}</Empty>
          ) : (
            <Empty title={t('sessions.empty')} action={<ButtonLink to="/nas">{t('home.toNas')}</ButtonLink>}>
              {t('sessions.emptyHint')}
            </Empty>
          )}
        </Card>
      )}
      {length > 0 && (
        <LiveTable
          away={liveColumns.map((one) => one.key).filter((key) => !shown.includes(key))}
          key={`${search.sort} ${search.q} ${search.nas}`}
          length={length}
          at={list.at}
          look={list.look}
          sort={search.sort}
          onSort={(sort) => navigate({ search: (now) => ({ ...now, sort }) })}
          stale={stream === 'stale'}
          onCut={setCutting}
        />
      )}
      {cutting && <DisconnectDialog session={cutting} onClose={() => setCutting(undefined)} />}
    </Page>
  );
}
