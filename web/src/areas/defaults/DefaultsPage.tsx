import { ActionIcon, Box, Button, Group, Stack, Text } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { t } from '../../messages';
import { Empty } from '../../shared/Empty';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { Time } from '../../shared/time';
import { DefaultsEditor } from './DefaultsEditor';
import { FactLine } from './FactLine';
import { type Fact, facts } from './inherit';
import { type Defaults, defaultsQuery, writing } from './queries';
import { RemoveDefaults } from './RemoveDefaults';
import { TryCard } from './TryCard';
import { useInherited, useScopeName } from './words';

const route = getRouteApi('/app/provisioning/defaults');
const groups = {
  vlan: ['vlan_pool', 'qinq_enabled'],
  ipv4: ['ipv4_pool'],
  ipv6: ['ipv6_assignment_mode', 'ipv6_pool', 'pd_pool', 'ipv6_pd_size'],
  option82: ['option82_policy'],
} as const satisfies Record<string, readonly Fact[]>;

/** What new lines get per plan and site, what each says itself, and what it takes from the more general. */
export function DefaultsPage() {
  const { q, plan, site, create, edit } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan(writing);
  const scopeName = useScopeName();
  const wanted = q?.toLowerCase();
  const matches = (one: Defaults) =>
    !wanted || [scopeName(one), ...facts.map((fact) => one[fact])].join(' ').toLowerCase().includes(wanted);
  const everything = useQuery(defaultsQuery);
  const list = useQuery({ ...defaultsQuery, select: (page) => ({ items: page.items.filter(matches) }) });
  const all = everything.data?.items ?? [];
  const columns = useColumns(all);
  const [removing, setRemoving] = useState<Defaults>();
  const editing = all.find((one) => one.id === edit);
  const closeForm = () => navigate({ search: ({ create: _, edit: __, ...now }) => now });
  const add = mayWrite && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate({ search: (now) => ({ ...now, create: true, edit: undefined }) })}
    >
      {t('defaults.add')}
    </Button>
  );
  return (
    <Page title={t('defaults.title')} lead={t('defaults.lead')} actions={add}>
      <TryCard
        all={all}
        plan={plan}
        site={site}
        onChange={(part) => navigate({ search: (now) => ({ ...now, ...part }), replace: true })}
      />
      {(all.length > 1 || q) && (
        <Group>
          <SearchBox
            label={t('defaults.search')}
            placeholder={t('defaults.search')}
            value={q}
            onChange={(next) => navigate({ search: (now) => ({ ...now, q: next }), replace: true })}
          />
        </Group>
      )}
      <DataList
        name={t('defaults.title')}
        columns={columns}
        query={list}
        filtered={q !== undefined}
        empty={
          <Empty title={t('defaults.empty')} action={add}>
            {t('defaults.emptyHint')}
          </Empty>
        }
        rowActions={
          mayWrite
            ? (row) => (
                <Group gap={2} wrap="nowrap" justify="flex-end">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('defaults.edit', { scope: scopeName(row) })}
                    onClick={() => navigate({ search: (now) => ({ ...now, edit: row.id, create: undefined }) })}
                  >
                    <IconPencil size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('defaults.remove', { scope: scopeName(row) })}
                    onClick={() => setRemoving(row)}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              )
            : undefined
        }
      />
      {mayWrite && (create || editing) && (
        <DefaultsEditor key={editing?.id ?? 'new'} of={editing} all={all} begin={{ plan, site }} onClose={closeForm} />
      )}
      {removing && <RemoveDefaults of={removing} all={all} onClose={() => setRemoving(undefined)} />}
    </Page>
  );
}

/** For whom, then what they get, in groups; a phone shows what is said here below the name. */
function useColumns(all: Defaults[]): Column<Defaults>[] {
  const scopeName = useScopeName();
  const inherited = useInherited(all);
  const group = (name: keyof typeof groups): Column<Defaults> => ({
    key: name,
    label: t(`defaults.${name}`),
    from: 'md',
    value: (row) => groups[name].map((fact) => row[fact] ?? '').join(' '),
    render: (row) => {
      const said = groups[name].map((fact) => ({ fact, of: inherited(row, fact) })).filter(({ of }) => of.from);
      return said.length === 0 ? (
        <Text size="xs" c="dimmed">
          {t('defaults.unsaid')}
        </Text>
      ) : (
        <Stack gap={2}>
          {said.map(({ fact, of }) => (
            <FactLine key={fact} fact={fact} of={of} own={of.from?.id === row.id} label={t(`defaults.short.${fact}`)} />
          ))}
        </Stack>
      );
    },
  });
  return [
    {
      key: 'for',
      label: t('defaults.for'),
      value: scopeName,
      render: (row) => {
        const own = facts.filter((fact) => row[fact] !== null);
        return (
          <Stack gap={2}>
            <Text size="sm" fw={600}>
              {scopeName(row)}
            </Text>
            {own.length === 0 && (
              <Text size="xs" c="dimmed">
                {t('defaults.nothing')}
              </Text>
            )}
            <Box hiddenFrom="md">
              {own.map((fact) => (
                <FactLine key={fact} fact={fact} of={inherited(row, fact)} own label={t(`defaults.${fact}`)} />
              ))}
            </Box>
            <Text size="xs" c="dimmed">
              {t('defaults.changedAt')} <Time at={row.updated_at} show="age" />
            </Text>
          </Stack>
        );
      },
    },
    group('vlan'),
    group('ipv4'),
    group('ipv6'),
    group('option82'),
  ];
}
