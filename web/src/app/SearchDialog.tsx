import '@mantine/spotlight/styles.layer.css';
import { useDebouncedValue } from '@mantine/hooks';
import {
  createSpotlight,
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
} from '@mantine/spotlight';
import { IconRouter, IconSearch, IconTimeline, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, take } from '../api/client';
import { t } from '../messages';
import { useCan, useMe } from '../shared/me';
import { runWords } from '../shared/runWords';
import { age } from '../shared/time';
import { navFor } from './nav';

const [store, spotlight] = createSpotlight();

function useFound(q: string) {
  const [lines, runs] = [useCan('isp.radius.read'), useCan('isp.oss.read')];
  const query = { q, limit: 6 };
  return useQuery({
    queryKey: ['spotlight', q],
    enabled: (lines || runs) && q.length > 0,
    queryFn: async ({ signal }) => {
      const of = { params: { query }, signal };
      const [subscribers, nas, found] = await Promise.all([
        lines ? take(api.GET('/api/v1/subscribers', of)) : undefined,
        lines ? take(api.GET('/api/v1/radius/nas', of)) : undefined,
        runs ? take(api.GET('/api/v1/provisioning/runs', of)) : undefined,
      ]);
      return { subscribers: subscribers?.items ?? [], nas: nas?.items ?? [], runs: found?.items ?? [] };
    },
  });
}

/** Finds pages by name, subscribers, NAS and runs by asking the server while one types. */
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
  const subscribers: SpotlightActionData[] = (found.data?.subscribers ?? []).map((one) => ({
    id: one.id,
    label: one.username,
    description: [one.full_name, one.subscriber_number, one.framed_ipv4_address].filter(Boolean).join(' · '),
    leftSection: <IconUser size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/subscribers/$key', params: { key: one.id } }),
  }));
  const nas: SpotlightActionData[] = (found.data?.nas ?? []).map((one) => ({
    id: one.id,
    label: one.shortname,
    description: `${one.nasname} · ${one.vendor}`,
    leftSection: <IconRouter size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/nas/$id', params: { id: one.id } }),
  }));
  const runs: SpotlightActionData[] = (found.data?.runs ?? []).map((one) => ({
    id: one.id,
    label: `${runWords('definition', one.definition)}: ${one.subject_label}`,
    description: [runWords('status', one.status), age(one.created_at)].join(' · '),
    leftSection: <IconTimeline size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/provisioning/runs/$id', params: { id: one.id } }),
  }));
  const actions: SpotlightActionGroupData[] = [
    { group: t('nav.subscribers'), actions: wanted ? subscribers : [] },
    { group: t('nav.nas'), actions: wanted ? nas : [] },
    { group: t('nav.runs'), actions: wanted ? runs : [] },
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
      nothingFound={found.isFetching ? t('app.loading') : t('search.nothing')}
      searchProps={{
        placeholder: t('app.searchHint'),
        'aria-label': t('app.search'),
        leftSection: <IconSearch size={18} aria-hidden />,
      }}
    />
  );
}
