import { Group, Skeleton, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Session } from '../../api/types';
import { t, tn } from '../../messages';
import { Card } from '../../shared/Card';
import { Empty } from '../../shared/Empty';
import { count } from '../../shared/format';
import { ButtonLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import { SearchBox } from '../../shared/list/SearchBox';
import { LiveMark } from '../../shared/live/LiveMark';
import { useNasList } from '../../shared/lookups';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { DisconnectDialog } from './DisconnectDialog';
import { LiveTable } from './LiveTable';
import { newestFirst } from './liveSet';
import { useLiveSessions } from './useLiveSessions';

const route = getRouteApi('/app/sessions');

export function SessionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const nasList = useNasList();
  const { loaded, rows, stream } = useLiveSessions(search);
  const sorted = useMemo(() => newestFirst(rows), [rows]);
  const [cutting, setCutting] = useState<Session>();
  const filtered = Boolean(search.q ?? search.nas);
  const partial = loaded.data && !loaded.data.whole;

  return (
    <Page title={t('sessions.title')} lead={t('sessions.lead')} actions={<LiveMark state={stream} />}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" style={{ flex: 1 }}>
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
        <Text size="sm" c="dimmed" data-testid="session-count">
          {partial
            ? t('sessions.shown', { shown: count(rows.size), total: count(loaded.data.total) })
            : tn('sessions.online', rows.size)}
        </Text>
      </Group>
      {stream === 'stale' && (
        <Text size="sm" c="var(--dm-bad)">
          {t('sessions.staleNote')}
        </Text>
      )}
      {loaded.isError && <ProblemAlert error={loaded.error} onRetry={() => loaded.refetch()} />}
      {loaded.isPending && <Skeleton height={320} />}
      {loaded.data && sorted.length === 0 && (
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
      {sorted.length > 0 && <LiveTable sessions={sorted} stale={stream === 'stale'} onCut={setCutting} />}
      {cutting && <DisconnectDialog session={cutting} onClose={() => setCutting(undefined)} />}
    </Page>
  );
}
