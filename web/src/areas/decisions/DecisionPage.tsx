import { Grid, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { AttributeTable } from '../../shared/AttributeTable';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { ButtonLink, TextLink } from '../../shared/links';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { absolute, Time, useZone } from '../../shared/time';
import { Outcome } from './columns';
import { decisionQuery } from './queries';
import { ReplayCard } from './ReplayCard';
import { Trace } from './Trace';

const route = getRouteApi('/app/decisions/$id');
type Explained = Reply<'/api/v1/radius/decisions/{id}', 'get'>;

/** Why one request was answered as it was: each rule with what it looked at, and what would happen today. */
export function DecisionPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(decisionQuery(id));
  const back = (
    <TextLink to="/decisions" size="sm">
      {t('decisions.title')}
    </TextLink>
  );
  if (!data) {
    return error ? (
      <Page title={t('decision.title')} lead={back}>
        <ProblemAlert error={error} onRetry={() => refetch()} />
      </Page>
    ) : (
      <Skeleton height={400} />
    );
  }
  return <Explanation of={data} />;
}

function Explanation({ of }: { of: Explained }) {
  const zone = useZone();
  const { decision } = of;
  const accepted = decision.outcome === 'accept';
  const mono = (value: string | null) => value && <span className="mono">{value}</span>;
  const lead = (
    <Group gap={8} mt={4}>
      <TextLink to="/decisions" size="sm">
        {t('decisions.title')}
      </TextLink>
      <Outcome outcome={decision.outcome} />
      <span>
        <Time at={decision.at} /> (<Time at={decision.at} show="age" />)
      </span>
    </Group>
  );
  const username = decision.username ?? t('decision.noUsername');
  return (
    <Page
      title={t(accepted ? 'decision.whyAccepted' : 'decision.whyRejected', {
        username,
        at: absolute(decision.at, zone, 'minute').slice(11),
      })}
      lead={lead}
      actions={
        decision.subscriber_id && (
          <ButtonLink to="/subscribers/$key" params={{ key: decision.subscriber_id }} variant="default">
            {t('session.toSubscriber')}
          </ButtonLink>
        )
      }
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Card title={lookup(`decision.${decision.code}`) ?? decision.code} data-testid="reason">
              <Text size="sm">{decision.detail}</Text>
              {!accepted && (
                <Text size="sm" c="dimmed">
                  {lookup(`decision.${decision.code}.do`)}
                </Text>
              )}
            </Card>
            <Card title={t('decision.rules')} data-testid="trace">
              <Trace rules={of.rules} />
            </Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Card title={t('decision.request')}>
              <Facts
                of={[
                  [t('subscriber.username'), mono(decision.username)],
                  [
                    t('session.nas'),
                    decision.nas && (
                      <TextLink key="nas" to="/nas/$id" params={{ id: decision.nas.id }} size="sm">
                        {decision.nas.shortname}
                      </TextLink>
                    ),
                  ],
                  [t('subscriber.testMethod'), decision.method.toUpperCase()],
                  [t('session.calling'), mono(decision.calling_station_id)],
                  [t('session.called'), mono(decision.called_station_id)],
                  [t('subscriber.circuit_id'), mono(decision.circuit_id)],
                  [t('subscriber.remote_id'), mono(decision.remote_id)],
                  [t('problem.code'), mono(decision.code)],
                ]}
              />
            </Card>
            <ReplayCard id={decision.id} />
            {of.reply.length > 0 && (
              <Card title={t(of.reply_is_of === 'then' ? 'decision.replyThen' : 'decision.replyToday')}>
                <AttributeTable label={t('authTest.attributes')} attributes={of.reply} />
              </Card>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
