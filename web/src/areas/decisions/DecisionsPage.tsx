import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { ButtonLink } from '../../shared/links';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { Page } from '../../shared/Page';
import { useZone } from '../../shared/time';
import { CodesCard } from './CodesCard';
import { decisionColumns } from './columns';
import { DecisionFilters } from './DecisionFilters';
import { decisionsPage, decisionsQuery } from './queries';
import type { DecisionsSearch } from './search';

const route = getRouteApi('/app/decisions');

/** Who was refused, where and why: from counts per reason down to one request. */
export function DecisionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const list = useQuery(decisionsQuery(search, zone));
  const { visible, shown, setShown } = useColumnChoice('decisions', decisionColumns);
  const change = (part: Partial<DecisionsSearch>) =>
    navigate({ search: (now) => ({ ...now, cursor: undefined, ...part }) });
  const filtered = [search.code, search.nas, search.username, search.until].some((value) => value !== undefined);
  return (
    <Page title={t('decisions.title')} lead={t('decisions.lead')}>
      <Group justify="space-between" align="flex-end" gap="xs">
        <DecisionFilters search={search} filtered={filtered} onChange={change} />
        <Group gap="xs">
          <ColumnMenu columns={decisionColumns} shown={shown} onChange={setShown} />
          <ExportButton
            name="decisions"
            columns={visible}
            page={(cursor, signal) => decisionsPage({ ...search, cursor }, zone, 500, signal)}
          />
        </Group>
      </Group>
      <CodesCard search={search} onChange={change} />
      <DataList
        name={t('decisions.title')}
        columns={visible}
        query={list}
        cursor={search.cursor}
        filtered={filtered}
        empty={
          <Empty
            title={t('decisions.empty')}
            action={
              <ButtonLink to="/auth-test" variant="default">
                {t('nav.authTest')}
              </ButtonLink>
            }
          >
            {t('decisions.emptyHint')}
          </Empty>
        }
      />
    </Page>
  );
}
