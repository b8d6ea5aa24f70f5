import { Anchor } from '@mantine/core';
import type { AuditEntry } from '../../api/types';
import { t } from '../../messages';
import type { Column } from '../../shared/list/columns';
import { Time } from '../../shared/time';

export const actorName = ({ actor }: AuditEntry) => actor.name ?? t('audit.system');

export const auditColumns = (onShow: (entry: AuditEntry) => void): Column<AuditEntry>[] => [
  { key: 'seq', label: t('audit.col.seq'), optional: true, value: (row) => row.seq },
  {
    key: 'at',
    label: t('audit.col.at'),
    value: (row) => row.at,
    render: (row) => <Time at={row.at} />,
  },
  { key: 'actor', label: t('audit.col.actor'), from: 'sm', value: actorName },
  {
    key: 'action',
    label: t('audit.col.action'),
    value: (row) => row.action,
    render: (row) => (
      <Anchor
        component="button"
        type="button"
        size="sm"
        fw={550}
        aria-label={t('audit.show', { action: row.action })}
        onClick={() => onShow(row)}
      >
        {row.action}
      </Anchor>
    ),
  },
  {
    key: 'entity',
    label: t('audit.col.entity'),
    from: 'sm',
    value: (row) => `${row.entity} ${row.entity_id ?? ''}`,
    render: (row) => (
      <>
        {row.entity} <span className="mono">{row.entity_id?.slice(-12)}</span>
      </>
    ),
  },
  {
    key: 'ip',
    label: t('audit.col.ip'),
    from: 'md',
    value: (row) => row.ip,
    render: (row) => <span className="mono">{row.ip}</span>,
  },
  {
    key: 'request',
    label: t('audit.col.request'),
    optional: true,
    value: (row) => row.request_id,
    render: (row) => <span className="mono">{row.request_id}</span>,
  },
];
