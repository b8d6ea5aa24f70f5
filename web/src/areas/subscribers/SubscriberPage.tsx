import { Grid, Group, Skeleton, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Session, Subscriber } from '../../api/types';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import { LiveMark } from '../../shared/live/LiveMark';
import { useSessionStream } from '../../shared/live/useSessionStream';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Enabled, Presence, State } from '../../shared/State';
import { SubscriberRunsCard } from '../provisioning/SubscriberRunsCard';
import { SubscriberQuotaCard } from '../quotas/SubscriberQuotaCard';
import { Actions } from './Actions';
import { AlertsCard } from './AlertsCard';
import { Status } from './columns';
import { DecisionsCard } from './DecisionsCard';
import { HistoryCard } from './HistoryCard';
import { LineCard } from './line/LineCard';
import { NetworkProfileCard } from './line/NetworkProfileCard';
import { ServiceCard } from './line/ServiceCard';
import { sessionNowQuery, subscriberQuery } from './queries';
import { SessionCard } from './SessionCard';
import { SettingsCard } from './SettingsCard';
import { SuspendedNote } from './SuspendedNote';
import { SuspensionsCard } from './SuspensionsCard';
import { UsageCard } from './UsageCard';

const route = getRouteApi('/app/subscribers/$key');

export function SubscriberPage() {
  const { key } = route.useParams();
  const subscriber = useQuery(subscriberQuery(key));
  if (subscriber.isError && !subscriber.data) {
    return (
      <Page title={key} lead={<TextLink to="/subscribers">{t('subscribers.title')}</TextLink>}>
        <ProblemAlert error={subscriber.error} onRetry={() => subscriber.refetch()} />
      </Page>
    );
  }
  return subscriber.data ? <Found subscriber={subscriber.data} /> : <Skeleton height={480} />;
}

function useLive(subscriber: Subscriber) {
  const queries = useQueryClient();
  const reload = () =>
    Promise.all(
      ['subscriber', 'subscriber-sessions-now', 'subscriber-history', 'subscriber-decisions'].map((name) =>
        queries.invalidateQueries({ queryKey: [name] }),
      ),
    );
  return useSessionStream({
    session: (session: Session) => session.username === subscriber.username && void reload(),
    reconnected: reload,
  });
}

function Found({ subscriber }: { subscriber: Subscriber }) {
  const stream = useLive(subscriber);
  const now = useQuery(sessionNowQuery(subscriber.username));
  const lead = (
    <Group gap={8} mt={4}>
      <TextLink to="/subscribers" size="sm">
        {t('subscribers.title')}
      </TextLink>
      <span>{[subscriber.subscriber_number, subscriber.full_name].filter(Boolean).join(' · ')}</span>
      {['pending', 'quarantined', 'terminated'].includes(subscriber.status) ? (
        <Status of={subscriber} />
      ) : (
        <Enabled enabled={subscriber.enabled} />
      )}
      {subscriber.suspended && <State tone="warn">{t('subscriber.suspended')}</State>}
      <Presence online={now.data ? now.data.items.length > 0 : subscriber.online} />
    </Group>
  );
  return (
    <Page title={subscriber.username} lead={lead} actions={<Actions subscriber={subscriber} />}>
      {subscriber.suspended && <SuspendedNote subscriber={subscriber} />}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <SessionCard subscriber={subscriber} now={now} mark={<LiveMark state={stream} />} />
            <UsageCard id={subscriber.id} />
            <SubscriberQuotaCard id={subscriber.id} />
            <DecisionsCard username={subscriber.username} />
            <AlertsCard id={subscriber.id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <LineCard subscriber={subscriber} />
            <NetworkProfileCard subscriber={subscriber} />
            <SettingsCard subscriber={subscriber} />
            <SuspensionsCard subscriber={subscriber} />
            <SubscriberRunsCard id={subscriber.id} />
            <ServiceCard id={subscriber.id} />
            <HistoryCard id={subscriber.id} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
