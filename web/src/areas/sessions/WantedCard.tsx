import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Session } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { kbps } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import { ownerQuery } from './queries';

/** What the subscriber's record wants, beside what the NAS reports; a difference is said, because it lasts until the next login. */
export function WantedCard({ session }: { session: Session }) {
  const id = session.subscriber_id;
  return (
    <Card title={t('session.wanted')} data-testid="wanted">
      {id ? (
        <Known id={id} session={session} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('session.noSubscriber')}
        </Text>
      )}
    </Card>
  );
}

function Known({ id, session }: { id: string; session: Session }) {
  const owner = useQuery(ownerQuery(id));
  if (owner.isError) {
    return <ProblemAlert error={owner.error} onRetry={() => owner.refetch()} />;
  }
  if (!owner.data) {
    return <Skeleton height={96} />;
  }
  const of = owner.data;
  const profile = of.bandwidth_profile;
  const differs = [
    [of.framed_ipv4_address, session.framed_ipv4_address],
    [of.delegated_ipv6_prefix, session.delegated_ipv6_prefix],
  ].some(([wanted, seen]) => wanted && seen && wanted !== seen);
  const mono = (value: string | null) => value && <span className="mono">{value}</span>;
  return (
    <>
      <Facts
        of={[
          [
            t('subscriber.bandwidth_profile_id'),
            profile
              ? `${profile.name} (↓ ${kbps(profile.download_rate_kbps)}, ↑ ${kbps(profile.upload_rate_kbps)})`
              : t('subscriber.noProfile'),
          ],
          [t('session.ipv4'), mono(of.framed_ipv4_address)],
          [t('session.delegated'), mono(of.delegated_ipv6_prefix)],
          [t('subscriber.vlan_id'), of.vlan_id],
          [t('subscriber.inner_vlan'), of.inner_vlan],
          [t('subscriber.session_timeout'), of.session_timeout],
          [t('session.recordChanged'), <Time key="changed" at={of.updated_at} show="age" />],
        ]}
      />
      {differs && !session.stopped_at && (
        <Text size="sm" mt="xs" component="div">
          <State tone="warn">{t('session.differs')}</State>
        </Text>
      )}
    </>
  );
}
