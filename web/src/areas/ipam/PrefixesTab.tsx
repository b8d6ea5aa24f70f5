import { ActionIcon, Badge, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Page } from '../../api/types';
import { t, tn } from '../../messages';
import { Card } from '../../shared/Card';
import { Empty } from '../../shared/Empty';
import { TextLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { useSorting } from '../../shared/list/useSorting';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { prefixFields } from './fields';
import classes from './PrefixTree.module.css';
import { type Prefix, prefixesQuery, records, treeQuery, useSiteOptions, useVrfOptions } from './queries';
import { SearchBar } from './SearchBar';
import { Utilisation } from './Utilisation';
import { useCreate } from './useCreate';

const route = getRouteApi('/app/ipam');

/** The tree of prefixes; a search shows what it finds as a list. */
export function PrefixesTab() {
  const { q, cursor, vrf } = route.useSearch();
  const navigate = route.useNavigate();
  const vrfs = useVrfOptions();
  const sites = useSiteOptions();
  const add = useCreate({
    label: t('ipam.addPrefix'),
    fields: () => prefixFields(vrfs, sites),
    save: records.prefix.create,
  });
  return (
    <Stack>
      <SearchBar
        actions={add.button}
        filters={
          vrfs.length > 0 && (
            <Choice
              label={t('ipam.vrf')}
              value={vrf}
              options={vrfs}
              onChange={(next) => navigate({ search: (now) => ({ ...now, vrf: next, cursor: undefined }) })}
            />
          )
        }
      />
      {q ? <Found q={q} vrf={vrf} cursor={cursor} /> : <Tree vrf={vrf} add={add.button} />}
      {add.form}
    </Stack>
  );
}

function Tree({ vrf, add }: { vrf?: string; add: React.ReactNode }) {
  const level = useInfiniteQuery(treeQuery(undefined, vrf));
  if (level.error && !level.data) {
    return <ProblemAlert error={level.error} onRetry={() => level.refetch()} />;
  }
  if (level.isPending) {
    return <Loader />;
  }
  return level.data.pages[0]?.items.length === 0 ? (
    <Card>
      <Empty title={t('ipam.prefixes.empty')} action={add}>
        {t('ipam.prefixes.emptyHint')}
      </Empty>
    </Card>
  ) : (
    <Card p="xs">
      <Level of={level} label={t('ipam.tab.prefixes')} top />
    </Card>
  );
}

type LevelProps = { of: UseInfiniteQueryResult<InfiniteData<Page<Prefix>>>; label: string; top?: boolean };

/** What lies directly inside one prefix, and the way to what of it was not fetched yet. */
function Level({ of, label, top }: LevelProps) {
  return (
    <>
      <ul className={classes.level} aria-label={label}>
        {of.data?.pages
          .flatMap((page) => page.items)
          .map((prefix) => (
            <Node key={prefix.id} prefix={prefix} top={top} />
          ))}
      </ul>
      {of.error && <ProblemAlert error={of.error} onRetry={() => of.refetch()} />}
      {of.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          ml="lg"
          loading={of.isFetchingNextPage}
          onClick={() => of.fetchNextPage()}
        >
          {t('ipam.more', { prefix: label })}
        </Button>
      )}
    </>
  );
}

function Node({ prefix, top = false }: { prefix: Prefix; top?: boolean }) {
  const [open, setOpen] = useState(top);
  const inside = useInfiniteQuery({ ...treeQuery(prefix.id), enabled: open && prefix.child_count > 0 });
  return (
    <li>
      <div className={classes.row}>
        {prefix.child_count > 0 ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-expanded={open}
            aria-label={t(open ? 'ipam.close' : 'ipam.open', { prefix: prefix.prefix })}
            onClick={() => setOpen(!open)}
          >
            {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
          </ActionIcon>
        ) : (
          <span className={classes.leaf} aria-hidden="true" />
        )}
        <TextLink to="/ipam/prefixes/$id" params={{ id: prefix.id }} className="mono">
          {prefix.prefix}
        </TextLink>
        <Utilisation percent={prefix.utilization_percent} of={prefix.prefix} />
        <Text size="sm" c="dimmed" className={classes.words}>
          {prefix.child_count > 0 ? tn('ipam.inside', prefix.child_count) : tn('ipam.held', prefix.address_count)}
          {prefix.site && ` · ${prefix.site}`}
          {prefix.description && ` · ${prefix.description}`}
        </Text>
        <Group gap={4} className={classes.tags}>
          {prefix.vrf && <Badge variant="default">{prefix.vrf}</Badge>}
          {prefix.status !== 'active' && <Badge variant="default">{t(`ipam.prefixStatus.${prefix.status}`)}</Badge>}
        </Group>
      </div>
      {open && inside.isLoading && <Loader size="sm" ml="lg" />}
      {open && inside.error && !inside.data && <ProblemAlert error={inside.error} onRetry={() => inside.refetch()} />}
      {open && inside.data && <Level of={inside} label={prefix.prefix} />}
    </li>
  );
}

function Found({ q, vrf, cursor }: { q: string; vrf?: string; cursor?: string }) {
  const sorting = useSorting(columns, 'prefix');
  const list = useQuery(prefixesQuery({ q, vrf_id: vrf, sort: sorting.sort, cursor, limit: 50 }));
  return (
    <DataList
      name={t('ipam.tab.prefixes')}
      columns={columns}
      query={list}
      cursor={cursor}
      {...sorting}
      filtered
      empty={null}
    />
  );
}

const columns: Column<Prefix>[] = [
  {
    key: 'prefix',
    sort: 'prefix',
    label: t('ipam.prefix'),
    value: (row) => row.prefix,
    render: (row) => (
      <TextLink to="/ipam/prefixes/$id" params={{ id: row.id }} className="mono">
        {row.prefix}
      </TextLink>
    ),
  },
  {
    key: 'used',
    label: t('ipam.utilisation'),
    value: (row) => row.utilization_percent,
    render: (row) => <Utilisation percent={row.utilization_percent} of={row.prefix} />,
  },
  { key: 'vrf', sort: 'vrf', label: t('ipam.vrf'), from: 'sm', value: (row) => row.vrf ?? t('ipam.global') },
  { key: 'status', label: t('ipam.status'), from: 'sm', value: (row) => t(`ipam.prefixStatus.${row.status}`) },
  { key: 'description', label: t('ipam.description'), from: 'md', value: (row) => row.description },
];
