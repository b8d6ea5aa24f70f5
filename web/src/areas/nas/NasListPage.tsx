import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { ButtonLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { CreateNas } from './CreateNas';
import { nasColumns, vendorName } from './columns';
import { nasGroupsQuery, nasListQuery, nasPage } from './queries';
import { type NasListSearch, vendors } from './search';

const route = getRouteApi('/app/nas');

export function NasListPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.radius.write');
  const { create, ...filters } = search;
  const list = useQuery(nasListQuery(filters));
  const groups = useQuery(nasGroupsQuery);
  const { visible, shown, setShown } = useColumnChoice('nas', nasColumns);
  const change = (part: Partial<NasListSearch>) =>
    navigate({ search: (now) => ({ ...now, cursor: undefined, ...part }) });
  const createButton = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ create: true })}>
      {t('nas.create')}
    </Button>
  );

  return (
    <Page title={t('nas.title')} lead={t('nas.lead')} actions={createButton}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" style={{ flex: 1 }}>
          <SearchBox
            label={t('nas.search')}
            placeholder={t('nas.searchHint')}
            value={search.q}
            onChange={(q) => change({ q })}
          />
          <Choice
            label={t('nas.filter.vendor')}
            value={search.vendor}
            options={vendors.map((vendor) => ({ value: vendor, label: vendorName(vendor) }))}
            onChange={(vendor) => change({ vendor: vendors.find((one) => one === vendor) })}
          />
        </Group>
        <Group gap="xs">
          {(groups.data?.items.length ?? 0) > 0 && (
            <Choice
              label={t('nas.field.nas_group')}
              value={search.group}
              options={groups.data?.items.map((group) => ({ value: group.name, label: group.name })) ?? []}
              onChange={(group) => change({ group })}
            />
          )}
          <ButtonLink to="/nas/groups" variant="default">
            {t('groups.title')}
          </ButtonLink>
          <ColumnMenu columns={nasColumns} shown={shown} onChange={setShown} />
          <ExportButton
            name="nas"
            columns={visible}
            page={(cursor, signal) => nasPage({ ...filters, cursor }, 500, signal)}
          />
        </Group>
      </Group>
      <DataList
        name={t('nas.title')}
        columns={visible}
        query={list}
        cursor={search.cursor}
        filtered={Boolean(search.q ?? search.vendor ?? search.group)}
        empty={
          <Empty title={t('nas.empty')} action={createButton}>
            {t('nas.emptyHint')}
          </Empty>
        }
      />
      {mayWrite && create && (
        <CreateNas onClose={() => navigate({ search: (now) => ({ ...now, create: undefined }) })} />
      )}
    </Page>
  );
}
