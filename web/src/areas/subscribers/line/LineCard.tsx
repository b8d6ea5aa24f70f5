import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { asProblem } from '../../../api/problem';
import type { Subscriber } from '../../../api/types';
import { t } from '../../../messages';
import { Card } from '../../../shared/Card';
import { Facts } from '../../../shared/Facts';
import { TextLink } from '../../../shared/links';
import { LineMap } from '../../../shared/map/Map';
import { useMe } from '../../../shared/me';
import { ProblemAlert } from '../../../shared/ProblemAlert';
import { Time } from '../../../shared/time';
import { onuQuery, reading } from '../../pon/queries';
import { OnuStanding, Received, Simulated } from '../../pon/words';
import { useSites } from '../../provisioning/lookups';
import { grantsOf } from '../grants';
import { PlaceEditor } from './PlaceEditor';
import { profileQuery } from './queries';

const Nothing = ({ children }: { children: ReactNode }) => (
  <Text span size="sm" c="dimmed">
    {children}
  </Text>
);

/** Where the line ends and what stands at its end: what was ordered, and the ONU as it is seen now. */
export function LineCard({ subscriber }: { subscriber: Subscriber }) {
  const me = useMe();
  const may = grantsOf(me.permissions, subscriber);
  const navigate = useNavigate();
  const profile = useQuery(profileQuery(subscriber.id)).data;
  const sites = useSites();
  const [editing, setEditing] = useState(false);
  const { service_latitude: latitude, service_longitude: longitude } = subscriber;
  const site = profile?.site_id && (sites.find((one) => one.id === profile.site_id)?.name ?? profile.site_id);
  const change = () =>
    navigate({ to: '/subscribers/$key', params: { key: subscriber.id }, search: { order: 'network' } });
  return (
    <Card
      title={t('place.title')}
      data-testid="line-card"
      actions={
        <Group gap="xs">
          {may.network && ['active', 'suspended', 'disconnected'].includes(subscriber.status) && (
            <Button size="xs" variant="default" onClick={change}>
              {t('network.change')}
            </Button>
          )}
          {may.write && subscriber.status !== 'terminated' && (
            <Button size="xs" variant="default" onClick={() => setEditing(true)}>
              {t('place.edit')}
            </Button>
          )}
        </Group>
      }
    >
      <Stack gap="sm">
        <Facts
          of={[
            [
              t('order.service_address'),
              subscriber.service_address ? (
                <span key="address" style={{ whiteSpace: 'pre-wrap' }}>
                  {subscriber.service_address}
                </span>
              ) : (
                <Nothing key="none">{t('place.noAddress')}</Nothing>
              ),
            ],
            [
              t('place.coordinates'),
              latitude !== null && longitude !== null && (
                <span key="at" className="num">
                  {latitude.toFixed(6)}, {longitude.toFixed(6)}
                </span>
              ),
            ],
            [t('order.site_id'), site || <Nothing key="none">{t('place.noSite')}</Nothing>],
            [
              t('order.cpe_mac_address'),
              subscriber.cpe_mac_address ? (
                <span key="mac" className="mono">
                  {subscriber.cpe_mac_address}
                </span>
              ) : (
                <Nothing key="none">{t('place.noCpe')}</Nothing>
              ),
            ],
            [
              t('place.onu'),
              subscriber.onu_serial ? (
                <OnuNow key="onu" serial={subscriber.onu_serial} seen={me.permissions.includes(reading)} />
              ) : (
                <Nothing key="none">{t('place.noOnu')}</Nothing>
              ),
            ],
          ]}
        />
        {latitude !== null && longitude !== null && (
          <LineMap label={t('place.map')} height={180} picked={{ latitude, longitude }} />
        )}
      </Stack>
      {editing && <PlaceEditor subscriber={subscriber} profile={profile} onClose={() => setEditing(false)} />}
    </Card>
  );
}

/** The ONU's state, and the light it receives with the age of that knowledge. */
function OnuNow({ serial, seen }: { serial: string; seen: boolean }) {
  const found = useQuery({ ...onuQuery(serial), enabled: seen, retry: false });
  if (!seen) {
    return <span className="mono">{serial}</span>;
  }
  const isUnknown = found.isError && asProblem(found.error).status === 404;
  const onu = found.data?.onu;
  return (
    <Stack gap={2}>
      <Group gap={8}>
        <TextLink to="/pon/onus/$serial" params={{ serial }} size="sm" className="mono">
          {serial}
        </TextLink>
        {onu && <OnuStanding of={onu} />}
        <Simulated of={onu} />
      </Group>
      {found.isPending && <Skeleton height={18} width={160} />}
      {isUnknown && <Nothing>{t('place.onuUnseen')}</Nothing>}
      {found.isError && !isUnknown && <ProblemAlert error={found.error} onRetry={() => found.refetch()} />}
      {onu &&
        (onu.rx_power_dbm === null ? (
          <Nothing>{t('place.noLight')}</Nothing>
        ) : (
          <Text size="sm" component="div">
            {t('place.receives')} <Received dbm={onu.rx_power_dbm} />
            {onu.observed_at && (
              <Text span size="xs" c="dimmed">
                {' '}
                <Time at={onu.observed_at} show="age" />
              </Text>
            )}
          </Text>
        ))}
    </Stack>
  );
}
