import { Text } from '@mantine/core';
import type { Subscriber } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { kbps } from '../../shared/format';
import { Time } from '../../shared/time';

export function SettingsCard({ subscriber }: { subscriber: Subscriber }) {
  const profile = subscriber.bandwidth_profile;
  const mono = (value: string | null) => value && <span className="mono">{value}</span>;
  return (
    <Card title={t('subscriber.details')}>
      <Facts
        of={[
          [
            t('subscriber.bandwidth_profile_id'),
            profile
              ? `${profile.name} (${kbps(profile.download_rate_kbps)} / ${kbps(profile.upload_rate_kbps)})`
              : t('subscriber.noProfile'),
          ],
          [t('subscriber.framed_ipv4_address'), mono(subscriber.framed_ipv4_address)],
          [t('subscriber.framed_ipv4_netmask'), mono(subscriber.framed_ipv4_netmask)],
          [t('subscriber.framed_ipv6_prefix'), mono(subscriber.framed_ipv6_prefix)],
          [t('subscriber.framed_ipv6_address'), mono(subscriber.framed_ipv6_address)],
          [t('subscriber.delegated_ipv6_prefix'), mono(subscriber.delegated_ipv6_prefix)],
          [t('subscriber.framed_ipv4_pool'), subscriber.framed_ipv4_pool],
          [t('subscriber.framed_ipv6_pool'), subscriber.framed_ipv6_pool],
          [t('subscriber.delegated_ipv6_pool'), subscriber.delegated_ipv6_pool],
          [
            t('subscriber.ipv6_mode'),
            subscriber.ipv6_mode && (lookup(`subscriber.ipv6.${subscriber.ipv6_mode}`) ?? subscriber.ipv6_mode),
          ],
          [t('subscriber.framed_routes'), mono(subscriber.framed_routes.join('; ') || null)],
          [t('subscriber.circuit_id'), mono(subscriber.circuit_id)],
          [t('subscriber.remote_id'), mono(subscriber.remote_id)],
          [
            t('subscriber.option82_policy'),
            (subscriber.circuit_id || subscriber.remote_id) &&
              (lookup(`subscriber.option82.${subscriber.option82_policy}`) ?? subscriber.option82_policy),
          ],
          [t('subscriber.mac_address'), mono(subscriber.mac_address)],
          [t('subscriber.vlan_id'), subscriber.vlan_id],
          [t('subscriber.inner_vlan'), subscriber.inner_vlan],
          [t('subscriber.simultaneous_use'), subscriber.simultaneous_use],
          [t('subscriber.acct_interim_interval'), subscriber.acct_interim_interval],
          [t('subscriber.session_timeout'), subscriber.session_timeout],
          [t('subscriber.idle_timeout'), subscriber.idle_timeout],
          [t('subscriber.filter_id'), subscriber.filter_id],
          [t('subscriber.walled_garden_filter_id'), subscriber.walled_garden_filter_id],
          [t('subscribers.col.created'), <Time key="created" at={subscriber.created_at} />],
        ]}
      />
      {subscriber.notes && (
        <Text size="sm" mt="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {subscriber.notes}
        </Text>
      )}
    </Card>
  );
}
