import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { ColumnMenu, useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { ViewMenu } from '../../shared/list/ViewMenu';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { CreateSubscriber } from './CreateSubscriber';
import { subscriberColumns } from './columns';
import { Filters } from './Filters';
import { subscribersPage, subscribersQuery } from './queries';
import { defaultSort, type SubscribersSearch } from './search';

const route = getRouteApi('/app/subscribers');

export function SubscribersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.radius.write');
  const { create, ...filters } = search;
  const list = useQuery(subscribersQuery(filters));
  const { visible, shown, setShown } = useColumnChoice('subscribers', subscriberColumns);

  const change = (part: Partial<SubscribersSearch>) =>
    navigate({ search: (now) => ({ ...now, cursor: undefined, ...part }) });
  const filtered = [search.q, search.enabled, search.online, search.profile, search.status].some(
    (value) => value !== undefined,
  );
  const createButton = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ create: true })}>
      {t('subscribers.create')}
    </Button>
  );

  return (
    <Page title={t('subscribers.title')} actions={createButton}>
      <Group justify="space-between" align="flex-end" gap="xs">
        <Filters search={search} onChange={change} filtered={filtered} />
        <Group gap="xs">
          <ViewMenu
            list="subscribers"
            search={filters}
            columns={shown}
            onOpen={(view, columns) => {
              void navigate({ search: view });
              if (columns) {
                setShown(columns);
              }
            }}
          />
          <ColumnMenu columns={subscriberColumns} shown={shown} onChange={setShown} />
          <ExportButton
            name="subscribers"
            columns={visible}
            page={(cursor, signal) => subscribersPage({ ...filters, cursor }, 500, signal)}
          />
        </Group>
      </Group>
      <DataList
        name={t('subscribers.title')}
        columns={visible}
        query={list}
        cursor={search.cursor}
        sort={search.sort ?? defaultSort}
        onSort={(sort) => change({ sort })}
        filtered={filtered}
        empty={
          <Empty title={t('subscribers.empty')} action={createButton}>
            {t('subscribers.emptyHint')}
          </Empty>
        }
      />
      {mayWrite && (
        <CreateSubscriber
          opened={create === true}
          onClose={() => navigate({ search: (now) => ({ ...now, create: undefined }) })}
        />
      )}
    </Page>
  );
}
