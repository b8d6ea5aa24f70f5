import { Button, Grid, Group, Skeleton, Stack } from '@mantine/core';
import { IconPlugOff } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Session } from '../../api/types';
import { t } from '../../messages';
import { ButtonLink, TextLink } from '../../shared/links';
import { LiveMark } from '../../shared/live/LiveMark';
import { useSessionStream } from '../../shared/live/useSessionStream';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { ChangeDialog } from '../coa/ChangeDialog';
import { DisconnectDialog } from './DisconnectDialog';
import { LetInCard } from './LetInCard';
import { ObservedCard } from './ObservedCard';
import { sessionQuery } from './queries';
import { TrafficCard } from './TrafficCard';
import { WantedCard } from './WantedCard';

const route = getRouteApi('/app/sessions/$id');

export function SessionPage() {
  const { id } = route.useParams();
  const session = useQuery(sessionQuery(id));
  if (session.isError && !session.data) {
    return (
      <Page title={t('session.title')} lead={<TextLink to="/sessions">{t('sessions.title')}</TextLink>}>
        <ProblemAlert error={session.error} onRetry={() => session.refetch()} />
      </Page>
    );
  }
  return session.data ? <Found session={session.data} /> : <Skeleton height={480} />;
}

function Found({ session }: { session: Session }) {
  const queries = useQueryClient();
  const mayCut = useCan('isp.radius.sessions.manage');
  const [cutting, setCutting] = useState(false);
  const [changing, setChanging] = useState(false);
  const { queryKey } = sessionQuery(route.useParams().id);
  const stream = useSessionStream(
    {
      session: (heard) => heard.id === session.id && queries.setQueryData(queryKey, heard),
      reconnected: () => void queries.invalidateQueries({ queryKey }),
    },
    session.stopped_at === null,
  );
  const name = session.username ?? session.acct_session_id;
  const lead = (
    <Group gap={8} mt={4}>
      <TextLink to="/sessions" size="sm">
        {t('sessions.title')}
      </TextLink>
      <span className="mono">{session.acct_session_id}</span>
      <State tone={session.stopped_at ? 'idle' : 'ok'} testId="session-state">
        {session.stopped_at ? t('session.ended') : t('is.online')}
      </State>
      {!session.stopped_at && <LiveMark state={stream} />}
    </Group>
  );
  const actions = (
    <>
      {session.subscriber_id && (
        <ButtonLink to="/subscribers/$key" params={{ key: session.subscriber_id }} variant="default">
          {t('session.toSubscriber')}
        </ButtonLink>
      )}
      {mayCut && !session.stopped_at && (
        <Button variant="default" onClick={() => setChanging(true)} data-testid="change">
          {t('coa.change')}
        </Button>
      )}
      {mayCut && !session.stopped_at && (
        <Button
          color="red.8"
          leftSection={<IconPlugOff size={16} aria-hidden />}
          onClick={() => setCutting(true)}
          data-testid="disconnect"
        >
          {t('disconnect.do')}
        </Button>
      )}
    </>
  );
  return (
    <Page title={name} lead={lead} actions={actions}>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <TrafficCard session={session} />
            <LetInCard session={session} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <ObservedCard session={session} />
            <WantedCard session={session} />
          </Stack>
        </Grid.Col>
      </Grid>
      {changing && <ChangeDialog session={session} onClose={() => setChanging(false)} />}
      {cutting && <DisconnectDialog session={session} onClose={() => setCutting(false)} />}
    </Page>
  );
}
