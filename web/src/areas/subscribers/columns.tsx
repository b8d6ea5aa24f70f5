import type { Subscriber } from '../../api/types';
import { lookup, t } from '../../messages';
import { kbps } from '../../shared/format';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { Presence, State } from '../../shared/State';
import { Time } from '../../shared/time';

const tones = {
  active: 'plain',
  pending: 'idle',
  suspended: 'warn',
  disconnected: 'warn',
  quarantined: 'bad',
  terminated: 'idle',
} as const;

/** Where the subscriber is in its life. */
export const Status = ({ of: { status } }: { of: Pick<Subscriber, 'status'> }) => (
  <State tone={tones[status as keyof typeof tones] ?? 'idle'}>{lookup(`subscriber.status.${status}`) ?? status}</State>
);

const vlan = (row: Subscriber) => [row.vlan_id, row.inner_vlan].filter((id) => id != null).join('.');

export const subscriberColumns: Column<Subscriber>[] = [
  {
    key: 'username',
    label: t('subscribers.col.username'),
    sort: 'username',
    value: (row) => row.username,
    render: (row) => (
      <TextLink to="/subscribers/$key" params={{ key: row.id }} fw={550} size="sm">
        {row.username}
      </TextLink>
    ),
  },
  {
    key: 'number',
    label: t('subscribers.col.number'),
    sort: 'subscriber_number',
    from: 'md',
    value: (row) => row.subscriber_number,
  },
  { key: 'name', label: t('subscribers.col.name'), sort: 'full_name', from: 'sm', value: (row) => row.full_name },
  {
    key: 'online',
    label: t('subscribers.col.online'),
    value: (row) => row.online,
    render: (row) => <Presence online={row.online} />,
  },
  {
    key: 'state',
    label: t('subscribers.col.status'),
    from: 'sm',
    value: (row) => row.status,
    render: (row) => <Status of={row} />,
  },
  {
    key: 'profile',
    label: t('subscribers.col.profile'),
    from: 'md',
    value: (row) => row.bandwidth_profile?.name,
    render: ({ bandwidth_profile: profile }) =>
      profile && (
        <span title={`${kbps(profile.download_rate_kbps)} / ${kbps(profile.upload_rate_kbps)}`}>{profile.name}</span>
      ),
  },
  {
    key: 'address',
    label: t('subscribers.col.address'),
    from: 'md',
    value: (row) => row.framed_ipv4_address,
    render: (row) => <span className="mono">{row.framed_ipv4_address}</span>,
  },
  {
    key: 'delegated',
    label: t('subscribers.col.delegated'),
    optional: true,
    value: (row) => row.delegated_ipv6_prefix,
    render: (row) => <span className="mono">{row.delegated_ipv6_prefix}</span>,
  },
  {
    key: 'circuit',
    label: t('subscriber.circuit_id'),
    optional: true,
    value: (row) => row.circuit_id,
    render: (row) => <span className="mono">{row.circuit_id}</span>,
  },
  {
    key: 'remote',
    label: t('subscriber.remote_id'),
    optional: true,
    value: (row) => row.remote_id,
    render: (row) => <span className="mono">{row.remote_id}</span>,
  },
  {
    key: 'mac',
    label: t('subscriber.mac_address'),
    optional: true,
    value: (row) => row.mac_address,
    render: (row) => <span className="mono">{row.mac_address}</span>,
  },
  { key: 'vlan', label: t('subscribers.col.vlan'), optional: true, value: vlan },
  {
    key: 'lastOnline',
    label: t('subscribers.col.lastOnline'),
    from: 'lg',
    value: (row) => row.last_online_at,
    render: (row) => <Time at={row.last_online_at} show="age" />,
  },
  {
    key: 'created',
    label: t('subscribers.col.created'),
    sort: 'created_at',
    from: 'lg',
    value: (row) => row.created_at,
    render: (row) => <Time at={row.created_at} />,
  },
];
