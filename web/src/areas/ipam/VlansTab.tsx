import { Group, SegmentedControl, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { type VlanPart, vlanParts } from './search';
import { VlanAlerts } from './VlanAlerts';
import { VlanGroups } from './VlanGroups';
import { VlanHolders } from './VlanHolders';
import { VlanList } from './VlanList';
import { VlanPools } from './VlanPools';

const route = getRouteApi('/app/ipam');
const panels: Record<VlanPart, () => React.ReactNode> = {
  pools: VlanPools,
  held: VlanHolders,
  list: VlanList,
  groups: VlanGroups,
};

/** VLANs: the pools that lines get them from, who holds which, what is written down of them, and in which groups. */
export function VlansTab() {
  const { part = 'pools', who, at } = route.useSearch();
  const navigate = route.useNavigate();
  const Panel = panels[part];
  return (
    <Stack>
      <VlanAlerts />
      <Group>
        <SegmentedControl
          aria-label={t('ipam.tab.vlans')}
          value={part}
          data={vlanParts.map((value) => ({ value, label: t(`ipam.vlanPart.${value}`) }))}
          onChange={(next) =>
            navigate({
              search: { tab: 'vlans', part: next === 'pools' ? undefined : (next as VlanPart), who, at },
            })
          }
        />
      </Group>
      <Panel />
    </Stack>
  );
}
