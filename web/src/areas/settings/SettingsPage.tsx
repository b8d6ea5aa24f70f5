import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { FlagsTab } from './FlagsTab';
import { KeysTab } from './KeysTab';
import { RadiusTab } from './RadiusTab';
import { tabOf } from './search';
import { TenantTab } from './TenantTab';

const route = getRouteApi('/app/settings');

export function SettingsPage() {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const mayReadKeys = useCan('api_keys.read');
  const mayReadRadius = useCan('isp.radius.read');
  const open = (name: string | null) => navigate({ search: { tab: tabOf(name) } });
  return (
    <Page title={t('settings.title')}>
      <Tabs value={tab ?? 'tenant'} onChange={open} keepMounted={false}>
        <Tabs.List mb="md" aria-label={t('settings.title')}>
          <Tabs.Tab value="tenant">{t('settings.tenant')}</Tabs.Tab>
          <Tabs.Tab value="flags">{t('flags.title')}</Tabs.Tab>
          {mayReadRadius && <Tabs.Tab value="radius">{t('settings.radius')}</Tabs.Tab>}
          {mayReadKeys && <Tabs.Tab value="keys">{t('settings.keys')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="tenant">
          <TenantTab />
        </Tabs.Panel>
        {mayReadRadius && (
          <Tabs.Panel value="radius">
            <RadiusTab />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="flags">
          <FlagsTab />
        </Tabs.Panel>
        {mayReadKeys && (
          <Tabs.Panel value="keys">
            <KeysTab />
          </Tabs.Panel>
        )}
      </Tabs>
    </Page>
  );
}
