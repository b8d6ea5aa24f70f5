import { Button, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { useZone } from '../../shared/time';
import { ChainDrawer } from './ChainDrawer';
import { ChainEditor } from './ChainEditor';
import { ChainsList } from './ChainsList';
import { steering } from './queries';
import { ScheduleDrawer } from './ScheduleDrawer';
import { ScheduleEditor } from './ScheduleEditor';
import { SchedulesList } from './SchedulesList';

const route = getRouteApi('/app/provisioning/jobs');

/** Work that is begun by the clock, and work of several jobs in a row. */
export function JobsPage() {
  const { tab, job, chain, create, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const may = useCan(steering);
  const close = () => navigate({ search: { tab, cursor } });
  const chains = tab === 'chains';
  const createButton = may && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => navigate({ search: { tab, cursor, create: true } })}
    >
      {chains ? t('jobs.createChain') : t('jobs.createSchedule')}
    </Button>
  );
  return (
    <Page title={t('jobs.title')} lead={t('jobs.lead', { zone })} actions={createButton}>
      <Tabs
        value={tab ?? 'schedules'}
        onChange={(value) => navigate({ search: value === 'chains' ? { tab: 'chains' } : {} })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="schedules">{t('jobs.schedules')}</Tabs.Tab>
          <Tabs.Tab value="chains">{t('jobs.chains')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="schedules">
          <SchedulesList cursor={cursor} empty={createButton} />
        </Tabs.Panel>
        <Tabs.Panel value="chains">
          <ChainsList empty={createButton} />
        </Tabs.Panel>
      </Tabs>
      {create && may && !chains && <ScheduleEditor onClose={close} />}
      {create && may && chains && <ChainEditor onClose={close} />}
      {job && <ScheduleDrawer key={job} id={job} onClose={close} />}
      {chain && <ChainDrawer key={chain} id={chain} onClose={close} />}
    </Page>
  );
}
