import { Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { Choice } from '../../shared/list/Choice';
import { useColumnChoice } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ListTools } from '../../shared/list/ListTools';
import { SearchBox } from '../../shared/list/SearchBox';
import { useSorting } from '../../shared/list/useSorting';
import { onuColumns } from './onuColumns';
import { onusPage, onusQuery } from './queries';
import { admins, opers } from './search';

const route = getRouteApi('/app/pon');

export function OnusTab() {
  const { q, admin, oper, sort, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const sorting = useSorting(onuColumns, 'serial');
  const filter = { q, admin, oper, sort: sorting.sort };
  const list = useQuery(onusQuery({ ...filter, cursor }));
  const choice = useColumnChoice('onus', onuColumns);
  return (
    <Stack>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" style={{ flex: 1 }}>
          <SearchBox
            label={t('pon.onu.search')}
            placeholder={t('pon.onu.search')}
            value={q}
            onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
          />
          <Select
            aria-label={t('pon.onu.state')}
            placeholder={t('pon.onu.state')}
            clearable
            data={admins.map((value) => ({ value, label: t(`pon.admin.${value}`) }))}
            value={admin ?? null}
            onChange={(next) =>
              navigate({
                search: (now) => ({ ...now, admin: admins.find((one) => one === next), cursor: undefined }),
              })
            }
          />
          <Choice
            label={t('pon.onu.fibre')}
            value={oper}
            options={opers.map((value) => ({ value, label: t(`pon.oper.${value}`) }))}
            onChange={(next) =>
              navigate({ search: (now) => ({ ...now, oper: opers.find((one) => one === next), cursor: undefined }) })
            }
          />
        </Group>
        <ListTools
          list="onus"
          columns={onuColumns}
          {...choice}
          search={{ q, admin, oper, sort }}
          onOpen={(view) => navigate({ search: view })}
          page={(next, signal) => onusPage({ ...filter, cursor: next }, 500, signal)}
        />
      </Group>
      <DataList
        name={t('pon.onus')}
        columns={choice.visible}
        query={list}
        rowId={(row) => row.serial}
        cursor={cursor}
        {...sorting}
        filtered={q !== undefined || admin !== undefined || oper !== undefined}
        empty={<Empty title={t('pon.onu.empty')}>{t('pon.onu.emptyHint')}</Empty>}
      />
    </Stack>
  );
}
