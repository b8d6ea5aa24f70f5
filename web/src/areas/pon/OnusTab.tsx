import { Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { onuColumns } from './onuColumns';
import { onusQuery } from './queries';
import { admins } from './search';

const route = getRouteApi('/app/pon');

export function OnusTab() {
  const { q, admin, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery(onusQuery({ q, admin, cursor }));
  return (
    <Stack>
      <Group>
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
      </Group>
      <DataList
        name={t('pon.onus')}
        columns={onuColumns}
        query={list}
        rowId={(row) => row.serial}
        cursor={cursor}
        filtered={q !== undefined || admin !== undefined}
        empty={<Empty title={t('pon.onu.empty')}>{t('pon.onu.emptyHint')}</Empty>}
      />
    </Stack>
  );
}
