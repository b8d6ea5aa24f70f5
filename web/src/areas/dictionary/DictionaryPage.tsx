import { Badge, Group, SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';
import { t, tn } from '../../messages';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { ExportButton } from '../../shared/list/ExportButton';
import { SearchBox } from '../../shared/list/SearchBox';
import { Page } from '../../shared/Page';
import { AttributeDrawer } from './AttributeDrawer';
import { type DictionarySearch, kinds } from './search';

const route = getRouteApi('/app/dictionary');
export type Attribute = Reply<'/api/v1/radius/attributes/standard', 'get'>['items'][number];

function attributesPage({ kind, q, vendor, cursor }: DictionarySearch, limit: number, signal?: AbortSignal) {
  const shown = kind ?? 'standard';
  const vendorId = shown === 'standard' ? undefined : vendor;
  const query = { q, vendor_id: vendorId, cursor, limit, count: limit <= 50 };
  return take(api.GET(`/api/v1/radius/attributes/${shown}`, { params: { query }, signal }));
}

/** The attributes this server can read and write: the built-in dictionaries, and the site's own. */
export function DictionaryPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { open, ...filters } = search;
  const list = useQuery({
    queryKey: ['dictionary', filters],
    queryFn: ({ signal }) => attributesPage(filters, 50, signal),
    placeholderData: keepPreviousData,
    staleTime: 600_000,
  });
  const vendors = useQuery({
    queryKey: ['dictionary', 'vendors'],
    queryFn: ({ signal }) => take(api.GET('/api/v1/radius/attributes/vendors', { signal })),
    staleTime: 600_000,
  });
  const change = (part: Partial<DictionarySearch>) =>
    navigate({ search: (now) => ({ ...now, cursor: undefined, open: undefined, ...part }) });
  return (
    <Page title={t('dictionary.title')} lead={t('dictionary.lead')}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" style={{ flex: '1 1 18rem' }}>
          <SearchBox
            label={t('dictionary.search')}
            placeholder={t('dictionary.search')}
            value={search.q}
            onChange={(q) => change({ q })}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('dictionary.kind')}
            value={search.kind ?? 'standard'}
            onChange={(next) =>
              change({
                kind: next === 'standard' ? undefined : kinds.find((kind) => kind === next),
                vendor: next === 'standard' ? undefined : search.vendor,
              })
            }
            data={kinds.map((value) => ({ value, label: t(`dictionary.kind.${value}`) }))}
          />
          <Choice
            label={t('nas.field.vendor')}
            value={search.vendor?.toString()}
            options={(vendors.data?.items ?? []).map((vendor) => ({
              value: String(vendor.id),
              label: `${vendor.name} (${vendor.id}): ${vendor.attributes}`,
            }))}
            onChange={(vendor) =>
              change({
                vendor: vendor === undefined ? undefined : Number(vendor),
                kind: vendor !== undefined && !search.kind ? 'vendor' : search.kind,
              })
            }
          />
        </Group>
        <ExportButton
          name="dictionary"
          columns={columns}
          page={(cursor, signal) => attributesPage({ ...filters, cursor }, 500, signal)}
        />
      </Group>
      <DataList
        name={t('dictionary.title')}
        columns={columns}
        query={list}
        rowId={(row) => row.name}
        cursor={search.cursor}
        filtered={Boolean(search.q ?? search.vendor)}
        empty={<Empty title={t('list.nothing')}>{t('list.nothingHint')}</Empty>}
      />
      {open && (
        <AttributeDrawer
          attribute={list.data?.items.find((one) => one.name === open)}
          onClose={() => navigate({ search: (now) => ({ ...now, open: undefined }) })}
        />
      )}
    </Page>
  );
}

const columns: Column<Attribute>[] = [
  {
    key: 'name',
    label: t('attribute.name'),
    value: (row) => row.name,
    render: (row) => (
      <TextLink from="/dictionary" to="/dictionary" search={(now) => ({ ...now, open: row.name })} size="sm" fw={550}>
        {row.name}
      </TextLink>
    ),
  },
  {
    key: 'number',
    label: t('dictionary.number'),
    value: (row) => row.number,
    render: (row) => <span className="mono">{row.number ?? t('dictionary.internal')}</span>,
  },
  { key: 'type', label: t('dictionary.type'), value: (row) => row.type },
  {
    key: 'marks',
    label: t('dictionary.marks'),
    from: 'md',
    value: (row) => [row.tagged && 'tag', row.encrypted].filter(Boolean).join(' '),
    render: (row) => (
      <Group gap={4}>
        {row.tagged && <Badge variant="default">{t('dictionary.tagged')}</Badge>}
        {row.encrypted && <Badge variant="default">{t('dictionary.hidden')}</Badge>}
      </Group>
    ),
  },
  {
    key: 'values',
    label: t('dictionary.values'),
    from: 'sm',
    value: (row) => row.values.length || '',
    render: (row) => (row.values.length > 0 ? tn('dictionary.valueCount', row.values.length) : ''),
  },
  { key: 'source', label: t('dictionary.source'), from: 'sm', value: (row) => row.source },
];
