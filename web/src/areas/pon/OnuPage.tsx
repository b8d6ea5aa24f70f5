import { Grid, Group, List, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { kbps } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { Holder } from '../ipam/Holder';
import { OnuActions } from './OnuActions';
import { OpticsCard } from './OpticsCard';
import { eventsQuery, onuQuery } from './queries';
import { dbm, OnuStanding, Received, rates, Simulated, vlan } from './words';

const route = getRouteApi('/app/pon/onus/$serial');
const flowTones = { pending: 'warn', installed: 'plain', failed: 'bad' } as const;

export function OnuPage() {
  const { serial } = route.useParams();
  const { span = 'day' } = route.useSearch();
  const navigate = route.useNavigate();
  const one = useQuery(onuQuery(serial));
  const events = useQuery(eventsQuery(serial));
  const back = (
    <TextLink to="/pon" size="sm">
      {t('pon.title')}
    </TextLink>
  );
  if (!one.data) {
    return one.error ? (
      <Page title={serial} lead={back}>
        <ProblemAlert error={one.error} onRetry={() => one.refetch()} />
      </Page>
    ) : (
      <Skeleton height={400} />
    );
  }
  const { onu, flows } = one.data;
  const lead = (
    <Group gap={8}>
      {back}
      <OnuStanding of={onu} />
      <Simulated of={onu} />
    </Group>
  );
  return (
    <Page title={onu.serial} lead={lead} actions={<OnuActions onu={onu} />}>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Card title={t('pon.onu.line')}>
              <Facts
                of={[
                  [t('pon.onu.owner'), onu.label && <Holder key="owner" owner={onu.owner_id} label={onu.label} />],
                  [
                    t('pon.onu.olt'),
                    <TextLink key="olt" to="/pon/olts/$id" params={{ id: onu.olt_id }} size="sm">
                      {onu.olt_name} pon-{onu.port}
                    </TextLink>,
                  ],
                  [t('pon.onu.number'), onu.onu_number],
                  [t('pon.onu.vlan'), vlan(onu)],
                  [t('pon.onu.rates'), rates(onu)],
                  [t('pon.onu.activated'), onu.activated_at && <Time key="a" at={onu.activated_at} />],
                  [t('pon.onu.onlineSince'), onu.online_since && <Time key="o" at={onu.online_since} show="age" />],
                  [
                    t('pon.onu.lastDown'),
                    onu.last_down_at && (
                      <span key="down">
                        <Time at={onu.last_down_at} show="age" />{' '}
                        {onu.last_down_cause && `(${lookup(`pon.oper.${onu.last_down_cause}`)?.toLowerCase()})`}
                      </span>
                    ),
                  ],
                  [
                    t('pon.onu.deviceId'),
                    <span key="id" className="mono">
                      {onu.device_id}
                    </span>,
                  ],
                ]}
              />
            </Card>
            <Card title={t('pon.onu.light')}>
              <Facts
                of={[
                  [t('pon.onu.rx'), <Received key="rx" dbm={onu.rx_power_dbm} />],
                  [t('pon.onu.tx'), dbm(onu.tx_power_dbm)],
                  [t('pon.onu.oltRx'), dbm(onu.olt_rx_dbm)],
                  [t('pon.onu.temperature'), onu.temperature_c != null && `${onu.temperature_c.toFixed(1)} °C`],
                  [t('pon.onu.distance'), onu.distance_m != null && `${(onu.distance_m / 1000).toFixed(2)} km`],
                  [t('pon.onu.seen'), onu.observed_at && <Time key="seen" at={onu.observed_at} show="age" />],
                ]}
              />
            </Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <OpticsCard
              serial={onu.serial}
              span={span}
              onSpan={(next) => navigate({ search: next === 'day' ? {} : { span: next }, replace: true })}
            />
            <Card title={t('pon.onu.flows')}>
              {flows.length === 0 ? (
                <Text size="sm" c="dimmed">
                  {t('pon.onu.flowsNone')}
                </Text>
              ) : (
                <List size="sm">
                  {flows.map((flow) => (
                    <List.Item key={flow.direction}>
                      {t(`pon.flow.${flow.direction}`)}: {t('pon.onu.vlan')} {vlan(flow)}, {kbps(flow.meter_kbps)}{' '}
                      <State tone={flowTones[flow.state]}>{t(`pon.flow.${flow.state}`)}</State>
                    </List.Item>
                  ))}
                </List>
              )}
            </Card>
            <Card title={t('pon.onu.events')}>
              {events.isError && <ProblemAlert error={events.error} onRetry={() => events.refetch()} />}
              {events.isPending && <Skeleton height={80} />}
              {events.data?.items.length === 0 && (
                <Text size="sm" c="dimmed">
                  {t('pon.onu.eventsNone')}
                </Text>
              )}
              {events.data && events.data.items.length > 0 && (
                <List size="sm">
                  {events.data.items.map((event) => (
                    <List.Item key={event.id}>
                      <Time at={event.at} /> {event.detail}
                    </List.Item>
                  ))}
                </List>
              )}
            </Card>
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
