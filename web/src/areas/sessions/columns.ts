import type { Session } from '../../api/types';
import { t } from '../../messages';
import type { Column } from '../../shared/list/columns';

/** What a CSV of the open sessions holds; volumes in octets, rates in bit/s. */
export const sessionColumns: Column<Session>[] = [
  { key: 'username', label: t('sessions.col.username'), value: (row) => row.username },
  { key: 'ipv4', label: t('session.ipv4'), value: (row) => row.framed_ipv4_address },
  { key: 'ipv6', label: t('session.ipv6'), value: (row) => row.framed_ipv6_prefix },
  { key: 'delegated', label: t('session.delegated'), value: (row) => row.delegated_ipv6_prefix },
  { key: 'nas', label: t('session.nas'), value: (row) => row.nas?.shortname },
  { key: 'port', label: t('session.port'), value: (row) => row.nas_port_id },
  { key: 'calling', label: t('session.calling'), value: (row) => row.calling_station_id },
  { key: 'started', label: t('sessions.col.started'), value: (row) => row.started_at },
  { key: 'updated', label: t('sessions.col.updated'), value: (row) => row.updated_at },
  { key: 'down', label: t('session.downTotal'), value: (row) => row.downloaded_bytes },
  { key: 'up', label: t('session.upTotal'), value: (row) => row.uploaded_bytes },
  { key: 'downBps', label: t('session.down'), value: (row) => row.download_bps },
  { key: 'upBps', label: t('session.up'), value: (row) => row.upload_bps },
  { key: 'id', label: t('session.acctId'), value: (row) => row.acct_session_id },
];

/** Columns of the live table that can be put away; the username stays. Their places are in LiveTable.module.css. */
export const liveColumns = [
  { key: 'address', label: t('sessions.col.address') },
  { key: 'nas', label: t('sessions.col.nas') },
  { key: 'station', label: t('sessions.col.mac') },
  { key: 'down', label: t('sessions.col.down') },
  { key: 'up', label: t('sessions.col.up') },
  { key: 'octets', label: t('sessions.col.octets') },
  { key: 'age', label: t('sessions.col.age') },
  { key: 'updated', label: t('sessions.col.updated') },
];
