import { Group, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { Empty } from '../../shared/Empty';
import { Figure } from '../../shared/Figure';
import { count } from '../../shared/format';
import { Page } from '../../shared/Page';
import { AlarmsTab } from './AlarmsTab';
import { DiscoveredTab } from './DiscoveredTab';
import { OltsTab } from './OltsTab';
import { OnusTab } from './OnusTab';
import { statisticsQuery } from './queries';
import { tabs } from './search';
import { Simulated } from './words';

const route = getRouteApi('/app/pon');
const panels = { onus: OnusTab, discovered: DiscoveredTab, olts: OltsTab, alarms: AlarmsTab };

/** The fibre access at a glance, and its four lists. */
export function PonPage() {
  const { tab = 'onus' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery(statisticsQuery);
  const Panel = panels[tab];
  const lead = (
    <Group gap={8}>
      {t('pon.lead')}
      <Simulated of={data} />
    </Group>
  );
  return (
    <Page title={t('pon.title')} lead={lead}>
      {data?.driver === 'none' && <Empty title={t('pon.none')}>{t('pon.noneHint')}</Empty>}
      {data && (
        <Card>
          <Group gap="xl" data-testid="pon-figures">
            <Figure label={t('pon.stat.online')} value={count(data.online)} />
            <Figure
              label={t('pon.stat.los')}
              value={count(data.loss_of_signal)}
              tone={data.loss_of_signal > 0 ? 'bad' : undefined}
            />
            <Figure label={t('pon.stat.gasp')} value={count(data.dying_gasp)} />
            <Figure label={t('pon.stat.disabled')} value={count(data.disabled)} />
            <Figure label={t('pon.stat.discovered')} value={count(data.discovered)} />
            <Figure
              label={t('pon.stat.alarms')}
              value={count(data.open_alarms)}
              tone={data.open_alarms > 0 ? 'bad' : undefined}
            />
          </Group>
        </Card>
      )}
      <Tabs
        value={tab}
        onChange={(next) => navigate({ search: next === 'onus' ? {} : { tab: tabs.find((one) => one === next) } })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`pon.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Panel />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
