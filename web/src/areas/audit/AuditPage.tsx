import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { AuditEntry } from '../../api/types';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { Page } from '../../shared/Page';
import { useZone } from '../../shared/time';
import { AuditFilters } from './AuditFilters';
import { auditColumns } from './columns';
import { EntryDrawer } from './EntryDrawer';
import { auditPage, auditQuery } from './queries';
import { VerifyChain } from './VerifyChain';

const route = getRouteApi('/app/audit');

export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const list = useQuery(auditQuery(search, zone));
  const [entry, setEntry] = useState<AuditEntry>();
  const columns = useMemo(() => auditColumns(setEntry), []);
  const { visible, shown, setShown } = useColumnChoice('audit', columns);
  const { cursor, ...filters } = search;
  const filtered = Object.keys(filters).length > 0;

  return (
    <Page title={t('audit.title')} lead={t('audit.lead')}>
      <VerifyChain>
        <ColumnMenu columns={columns} shown={shown} onChange={setShown} />
        <ExportButton
          name="audit"
          columns={visible}
          page={(next, signal) => auditPage({ ...filters, cursor: next }, zone, 500, signal)}
        />
      </VerifyChain>
      <AuditFilters
        search={search}
        filtered={filtered}
        onChange={(part) => navigate({ search: (now) => ({ ...now, cursor: undefined, ...part }) })}
      />
      <DataList
        name={t('audit.title')}
        columns={visible}
        query={list}
        rowId={(row) => String(row.seq)}
        cursor={cursor}
        filtered={filtered}
        empty={<Empty title={t('audit.empty')}>{t('audit.emptyHint')}</Empty>}
      />
      {entry && <EntryDrawer entry={entry} onClose={() => setEntry(undefined)} />}
    </Page>
  );
}
