import { Button, Group, Tabs, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFilter, IconScale, IconTool, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { lookup, t, tn } from '../../messages';
import { Empty } from '../../shared/Empty';
import { count } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { Choice } from '../../shared/list/Choice';
import type { Column } from '../../shared/list/columns';
import { DataList } from '../../shared/list/DataList';
import { SearchBox } from '../../shared/list/SearchBox';
import { useSorting } from '../../shared/list/useSorting';
import { useCan, useMe } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { FindingDialog, Subject } from './FindingDialog';
import { LatestMending } from './LatestMending';
import { repairable } from './many';
import { compare, comparisonsQuery, type Finding, findingsQuery, steering, useFindingsChanged } from './queries';
import { RepairMany } from './RepairMany';
import { RepairProgress } from './RepairProgress';
import { Rhythm } from './Rhythm';
import { kinds, states } from './search';
import { useMending } from './useMending';

const route = getRouteApi('/app/reconciliation');
/** The repair of many that this tab knows: while it is being sent, or when nothing of it was begun, it has no address of its own. */
const latest = 'latest';

/** Where what is wanted, applied and seen differ, each with one safe fix or what a person can do. */
export function ReconciliationPage() {
  const { state = 'open', kind, q, subject, sort, cursor, finding, ask, repair } = route.useSearch();
  const navigate = route.useNavigate();
  const { history } = useRouter();
  const maySteer = useCan(steering);
  const mayRepair = repairable(useMe().permissions);
  const filter = { state, kind, q, subject };
  const meaning = JSON.stringify(filter);
  // What is ticked belongs to its filter: under another one nothing is.
  const [ticked, setTicked] = useState<{ meaning: string; rows: Finding[] }>({ meaning, rows: [] });
  // In the address too, so that Back closes it; not of an address alone: what it meant is not known there.
  const [asking, setAsking] = useState<Finding[]>();
  const { mending, sending, begin, goOn, forget } = useMending();
  const address = mending?.repairs.join('.') || latest;
  const isOfTab = mending !== undefined && (repair === latest || mending.repairs.some((id) => repair?.includes(id)));
  useEffect(() => {
    if (isOfTab && !sending && repair !== address) {
      void navigate({ search: (now) => ({ ...now, repair: address }), replace: true });
    }
  }, [isOfTab, repair, sending, address, navigate]);
  const refresh = useFindingsChanged();
  const sorting = useSorting(columns, '-found_at');
  const list = useQuery(findingsQuery({ ...filter, sort: sorting.sort, cursor }));
  const last = useQuery(comparisonsQuery).data?.items[0];
  const run = useMutation({
    mutationFn: compare,
    onSuccess: async ({ compared, found, appeared }) => {
      notifications.show({
        message: t('recon.ran', { compared: count(compared), found: count(found), appeared: count(appeared) }),
      });
      await refresh();
    },
  });
  const open = (id?: string) => navigate({ search: (now) => ({ ...now, finding: id }) });
  const picks = maySteer && state === 'open';
  const now = new Map(list.data?.items.map((row) => [row.id, row]));
  const picked = ticked.meaning === meaning ? ticked.rows.map((row) => now.get(row.id) ?? row).filter(mayRepair) : [];
  const pick = (rows: Finding[]) => setTicked({ meaning, rows });
  const many = picked.length || (list.data?.total ?? 0);
  const button = maySteer && (
    <Button leftSection={<IconScale size={16} aria-hidden />} loading={run.isPending} onClick={() => run.mutate()}>
      {t('recon.run')}
    </Button>
  );
  return (
    <Page title={t('recon.title')} lead={t('recon.lead')} actions={button}>
      {run.isError && <ProblemAlert error={run.error} />}
      {mending && maySteer && (
        <LatestMending
          of={mending}
          sending={sending}
          onLook={() => navigate({ search: (now) => ({ ...now, repair: sending ? latest : address }) })}
          onForget={forget}
        />
      )}
      <Group justify="space-between">
        <Group gap="xs" style={{ flex: 1 }}>
          <SearchBox
            label={t('recon.search')}
            placeholder={t('recon.search')}
            value={q}
            onChange={(next) => navigate({ search: (now) => ({ ...now, q: next, cursor: undefined }) })}
          />
          <Choice
            label={t('recon.col.kind')}
            value={kind}
            options={byCount(list.data?.kinds).map(([value, many]) => ({
              value,
              label: many
                ? t('recon.kindCount', { kind: t(`finding.${value}`), many: count(many) })
                : t(`finding.${value}`),
            }))}
            onChange={(next) =>
              navigate({ search: (now) => ({ ...now, kind: kinds.find((one) => one === next), cursor: undefined }) })
            }
          />
          {subject && (
            <Button
              variant="default"
              rightSection={<IconX size={14} aria-hidden />}
              onClick={() => navigate({ search: (now) => ({ ...now, subject: undefined, cursor: undefined }) })}
            >
              {t('recon.ofOne', { label: list.data?.items[0]?.subject_label ?? subject })}
            </Button>
          )}
        </Group>
        <Group gap="xs">
          <Text size="sm" c="dimmed" component="div">
            {last ? (
              <>
                {t('recon.last')}: <Time at={last.finished_at} show="age" />
                {` · ${t('recon.compared', { compared: count(last.compared), found: count(last.found) })}`}
                {last.not_asked && ` · ${t('recon.silent', { systems: last.not_asked })}`}
              </>
            ) : (
              t('recon.never')
            )}
          </Text>
          <Rhythm />
        </Group>
      </Group>
      <Tabs
        value={state}
        onChange={(next) =>
          navigate({ search: { state: states.find((one) => one === next && one !== 'open'), kind, q, subject, sort } })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {states.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`recon.state.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={state}>
          {picks && many > 0 && (
            <Group justify="flex-end" gap="xs" mb="sm">
              {picked.length > 0 && (
                <>
                  <Text size="sm" role="status">
                    {tn('repairs.picked', picked.length)}
                  </Text>
                  <Button size="xs" variant="subtle" onClick={() => pick([])}>
                    {t('repairs.unpick')}
                  </Button>
                </>
              )}
              <Button
                size="xs"
                variant={picked.length > 0 ? 'filled' : 'default'}
                leftSection={<IconTool size={16} aria-hidden />}
                disabled={sending}
                onClick={() => {
                  setAsking(picked);
                  navigate({ search: (now) => ({ ...now, ask: true }) });
                }}
                data-testid="repair-these"
              >
                {tn('repairs.all', many)}
              </Button>
            </Group>
          )}
          <DataList
            name={t('recon.title')}
            columns={columns}
            query={list}
            cursor={cursor}
            {...sorting}
            picking={
              picks
                ? { picked, onPick: pick, can: mayRepair, label: (row) => t('repairs.tick', { what: row.what }) }
                : undefined
            }
            filtered={kind !== undefined || q !== undefined || subject !== undefined}
            empty={
              <Empty title={t(`recon.empty.${state}`)} action={state === 'open' && !last ? button : undefined}>
                {t(state === 'open' && !last ? 'recon.neverHint' : `recon.emptyHint.${state}`)}
              </Empty>
            }
            rowActions={(row) => (
              <Button size="compact-sm" variant="default" onClick={() => open(row.id)}>
                {t('recon.look')}
              </Button>
            )}
          />
        </Tabs.Panel>
      </Tabs>
      {ask && asking && (
        <RepairMany
          picked={asking}
          filter={filter}
          onClose={() => history.back()}
          onConfirmed={(findings, mark) => {
            pick([]);
            setAsking(undefined);
            void begin(findings, mark).then(refresh);
            navigate({ search: (now) => ({ ...now, ask: undefined, repair: latest }), replace: true });
          }}
        />
      )}
      {repair && (isOfTab || repair !== latest) && (
        <RepairProgress
          ids={isOfTab ? mending.repairs : repair.split('.')}
          mending={isOfTab ? mending : undefined}
          sending={isOfTab && sending}
          onGoOn={() => void goOn().then(refresh)}
          onClose={() => navigate({ search: (now) => ({ ...now, repair: undefined }) })}
        />
      )}
      {finding && <FindingDialog id={finding} onClose={() => open()} />}
    </Page>
  );
}

/** Every kind; those there are most of first, those there are none of last. */
const byCount = (of: Record<string, number> | null | undefined) =>
  kinds.map((kind) => [kind, of?.[kind] ?? 0] as const).sort(([, one], [, other]) => other - one);

const columns: Column<Finding>[] = [
  {
    key: 'what',
    sort: 'kind',
    label: t('recon.col.what'),
    value: (row) => row.what,
    render: (row) => (
      <div>
        <Text size="sm" fw={600}>
          {lookup(`finding.${row.kind}`)}
        </Text>
        <Text size="sm" style={{ whiteSpace: 'normal' }}>
          {row.what}
        </Text>
        {row.refused_why && !row.gone_at && (
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'normal' }}>
            {t('recon.refused', { by: row.refused_by ?? '', why: row.refused_why })}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: 'subject',
    sort: 'subject_label',
    label: t('recon.col.subject'),
    from: 'md',
    value: (row) => row.subject_label,
    render: (row) => (
      <Group gap={6} wrap="nowrap">
        <Subject of={row} />
        {row.subject_id && (
          <TextLink
            from="/reconciliation"
            to="."
            search={(now) => ({ ...now, subject: row.subject_id ?? undefined, cursor: undefined })}
            size="xs"
            aria-label={t('recon.onlyOf', { label: row.subject_label })}
            title={t('recon.onlyOf', { label: row.subject_label })}
          >
            <IconFilter size={14} aria-hidden />
          </TextLink>
        )}
      </Group>
    ),
  },
  { key: 'desired', label: t('recon.col.desired'), from: 'lg', value: (row) => row.desired },
  { key: 'applied', label: t('recon.col.applied'), from: 'lg', value: (row) => row.applied },
  { key: 'observed', label: t('recon.col.observed'), from: 'lg', value: (row) => row.observed },
  {
    key: 'found',
    sort: 'found_at',
    label: t('recon.col.found'),
    from: 'sm',
    value: (row) => row.found_at,
    render: (row) => <Time at={row.found_at} show="age" />,
  },
];
