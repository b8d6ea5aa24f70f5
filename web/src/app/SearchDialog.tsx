import '@mantine/spotlight/styles.layer.css';
import { useDebouncedValue } from '@mantine/hooks';
import {
  createSpotlight,
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
} from '@mantine/spotlight';
import {
  IconBinaryTree2,
  IconDatabase,
  IconMapPin,
  IconRouter,
  IconSearch,
  IconTimeline,
  IconUser,
  IconUserQuestion,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { t } from '../messages';
import { useMe } from '../shared/me';
import { runWords } from '../shared/runWords';
import { age } from '../shared/time';
import { useFound } from './found';
import { navFor } from './nav';

const [store, spotlight] = createSpotlight();

/** Finds pages by name; subscribers, NAS, runs, ONUs, the address plan and who has an address by asking the server while one types. */
export function SearchDialog({ asked }: { asked: number }) {
  const me = useMe();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 150);
  const found = useFound(q);

  useEffect(() => {
    if (asked > 0) {
      spotlight.open();
    }
  }, [asked]);

  const source = found.data?.found;
  const wanted = typed.trim().toLowerCase();
  const pages: SpotlightActionData[] = navFor(me)
    .flatMap((group) => group.items)
    .filter((item) => t(item.label).toLowerCase().includes(wanted))
    .map((item) => ({
      id: item.to,
      label: t(item.label),
      leftSection: <item.icon size={18} aria-hidden />,
      onClick: () => void navigate({ to: item.to }),
    }));
  const subscribers: SpotlightActionData[] = (source?.subscribers?.items ?? []).map((one) => ({
    id: one.id,
    label: one.username,
    description: [one.full_name, one.subscriber_number, one.framed_ipv4_address].filter(Boolean).join(' · '),
    leftSection: <IconUser size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/subscribers/$key', params: { key: one.id } }),
  }));
  const nas: SpotlightActionData[] = (source?.nas?.items ?? []).map((one) => ({
    id: one.id,
    label: one.shortname,
    description: `${one.nasname} · ${one.vendor}`,
    leftSection: <IconRouter size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/nas/$id', params: { id: one.id } }),
  }));
  const runs: SpotlightActionData[] = (source?.runs?.items ?? []).map((one) => ({
    id: one.id,
    label: `${runWords('definition', one.definition)}: ${one.subject_label}`,
    description: [runWords('status', one.status), age(one.created_at)].join(' · '),
    leftSection: <IconTimeline size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/provisioning/runs/$id', params: { id: one.id } }),
  }));
  const onus: SpotlightActionData[] = (source?.onus?.items ?? []).map((one) => ({
    id: one.serial,
    label: one.serial,
    description: [`${one.olt_name} pon-${one.port}`, one.label].filter(Boolean).join(' · '),
    leftSection: <IconBinaryTree2 size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/pon/onus/$serial', params: { serial: one.serial } }),
  }));
  const who: SpotlightActionData[] = source?.who
    ? [
        {
          id: 'who-has',
          label: t('search.who', { address: q }),
          description:
            source.who.holders.map((one) => one.label || t('ipam.nobody')).join(', ') || t('search.whoNobody'),
          leftSection: <IconUserQuestion size={18} aria-hidden />,
          onClick: () => void navigate({ to: '/ipam', search: { who: q } }),
        },
      ]
    : [];
  const plan: SpotlightActionData[] = [
    ...(source?.prefixes?.items ?? []).map((one) => ({
      id: `prefix ${one.id}`,
      label: String(one.prefix),
      description: t('search.prefix'),
      leftSection: <IconBinaryTree2 size={18} aria-hidden />,
      onClick: () => void navigate({ to: '/ipam/prefixes/$id', params: { id: String(one.id) } }),
    })),
    ...(source?.pools?.items ?? []).map((one) => ({
      id: `pool ${one.id}`,
      label: String(one.name),
      description: t('search.pool'),
      leftSection: <IconDatabase size={18} aria-hidden />,
      onClick: () => void navigate({ to: '/ipam', search: { tab: 'pools', q: String(one.name) } }),
    })),
    ...(source?.sites?.items ?? []).map((one) => ({
      id: `site ${one.id}`,
      label: one.name,
      description: t('search.site'),
      leftSection: <IconMapPin size={18} aria-hidden />,
      onClick: () => void navigate({ to: '/ipam', search: { tab: 'sites', q: one.name } }),
    })),
  ];
  const actions: SpotlightActionGroupData[] = [
    { group: t('search.who.group'), actions: wanted ? who : [] },
    { group: t('nav.subscribers'), actions: wanted ? subscribers : [] },
    { group: t('nav.nas'), actions: wanted ? nas : [] },
    { group: t('nav.runs'), actions: wanted ? runs : [] },
    { group: t('search.onus'), actions: wanted ? onus : [] },
    { group: t('nav.ipam'), actions: wanted ? plan : [] },
    { group: t('search.pages'), actions: pages },
  ];

  return (
    <Spotlight
      store={store}
      actions={actions.filter((group) => group.actions.length > 0)}
      filter={(_, all) => all}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      attributes={{ content: { 'aria-label': t('app.search') } }}
      nothingFound={
        found.isFetching
          ? t('app.loading')
          : found.isError || (found.data?.failed ?? 0) > 0
            ? t('search.failed')
            : t('search.nothing')
      }
      searchProps={{
        placeholder: t('app.searchHint'),
        'aria-label': t('app.search'),
        leftSection: <IconSearch size={18} aria-hidden />,
      }}
    />
  );
}
