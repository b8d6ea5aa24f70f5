import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { AddressesTab } from './AddressesTab';
import { ImportTab } from './ImportTab';
import { PoolsTab } from './PoolsTab';
import { PrefixesTab } from './PrefixesTab';
import { SitesTab } from './SitesTab';
import { type Tab, tabs } from './search';
import { VlansTab } from './VlansTab';
import { VrfsTab } from './VrfsTab';
import { WhoHas } from './WhoHas';

const route = getRouteApi('/app/ipam');

const panels: Record<Tab, () => React.ReactNode> = {
  prefixes: PrefixesTab,
  pools: PoolsTab,
  addresses: AddressesTab,
  vlans: VlansTab,
  vrfs: VrfsTab,
  sites: SitesTab,
  import: ImportTab,
};

/** The address plan. */
export function IpamPage() {
  const { tab = 'prefixes', who, at } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const Panel = panels[tab];
  return (
    <Page title={t('ipam.title')} lead={t('ipam.lead')}>
      <WhoHas
        key={`${who} ${at}`}
        who={who}
        at={at}
        onAsk={(next) => navigate({ search: (now) => ({ ...now, who: next.who, at: next.at }) })}
      />
      <Tabs
        value={tab}
        onChange={(name) => navigate({ search: { tab: name === 'prefixes' ? undefined : (name as Tab), who, at } })}
        keepMounted={false}
      >
        <Tabs.List mb="md" aria-label={t('ipam.title')}>
          {tabs
            .filter((name) => name !== 'import' || mayWrite)
            .map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`ipam.tab.${name}`)}
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
