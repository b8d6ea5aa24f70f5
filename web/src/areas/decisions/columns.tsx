import type { Decision } from '../../api/types';
import { lookup, t } from '../../messages';
import { TextLink } from '../../shared/links';
import type { Column } from '../../shared/list/columns';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';

export const decisionColumns: Column<Decision>[] = [
  {
    key: 'at',
    label: t('decisions.col.at'),
    value: (row) => row.at,
    render: (row) => (
      <TextLink to="/decisions/$id" params={{ id: row.id }} size="sm" fw={550}>
        <Time at={row.at} />
      </TextLink>
    ),
  },
  {
    key: 'outcome',
    label: t('decisions.col.outcome'),
    from: 'sm',
    value: (row) => row.outcome,
    render: (row) => <Outcome outcome={row.outcome} />,
  },
  {
    key: 'code',
    label: t('decisions.col.code'),
    value: (row) => row.code,
    render: (row) => <span title={row.code}>{lookup(`decision.${row.code}`) ?? row.code}</span>,
  },
  {
    key: 'username',
    label: t('subscribers.col.username'),
    value: (row) => row.username,
    render: (row) =>
      row.subscriber_id ? (
        <TextLink to="/subscribers/$key" params={{ key: row.subscriber_id }} size="sm">
          {row.username}
        </TextLink>
      ) : (
        row.username
      ),
  },
  {
    key: 'nas',
    label: t('session.nas'),
    from: 'md',
    value: (row) => row.nas?.shortname,
    render: (row) =>
      row.nas && (
        <TextLink to="/nas/$id" params={{ id: row.nas.id }} size="sm">
          {row.nas.shortname}
        </TextLink>
      ),
  },
  {
    key: 'station',
    label: t('session.calling'),
    from: 'lg',
    value: (row) => row.calling_station_id,
    render: (row) => <span className="mono">{row.calling_station_id}</span>,
  },
  { key: 'method', label: t('subscriber.testMethod'), from: 'lg', value: (row) => row.method.toUpperCase() },
  { key: 'rule', label: t('decisions.col.rule'), optional: true, value: (row) => row.rule },
  { key: 'circuit', label: t('subscriber.circuit_id'), optional: true, value: (row) => row.circuit_id },
  { key: 'remote', label: t('subscriber.remote_id'), optional: true, value: (row) => row.remote_id },
];

export const Outcome = ({ outcome }: { outcome: string }) => (
  <State tone={outcome === 'accept' ? 'ok' : 'bad'}>
    {outcome === 'accept' ? t('subscriber.accept') : t('subscriber.reject')}
  </State>
);
