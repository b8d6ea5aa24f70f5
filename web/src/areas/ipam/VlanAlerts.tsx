import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import { vlanPoolsQuery } from './queries';
import { capacity } from './SpaceMap';

/** The pools that are nearly or wholly used up, whatever is being looked for. */
export function VlanAlerts() {
  const pools = useQuery(vlanPoolsQuery({ limit: 500 }));
  const low = (pools.data?.items ?? []).filter(
    (pool) => pool.status === 'depleted' || pool.utilization_percent >= pool.warn_percent,
  );
  if (low.length === 0) {
    return null;
  }
  const isBad = low.some((pool) => pool.available === 0);
  const tone = isBad ? 'bad' : 'warn';
  return (
    <Alert
      variant="light"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={t(isBad ? 'ipam.vlanAlert.empty' : 'ipam.vlanAlert.low')}
      styles={{
        root: { background: `var(--dm-${tone}-soft)` },
        title: { color: `var(--dm-${tone})` },
        icon: { color: `var(--dm-${tone})` },
        message: { color: 'var(--mantine-color-text)' },
      }}
      data-testid="vlan-alerts"
    >
      <Stack gap={2}>
        {low.map((pool) => (
          <Text size="sm" key={pool.id}>
            <TextLink
              to="/ipam"
              search={{ tab: 'vlans', part: 'held', pool: pool.id }}
              inherit
              underline="always"
              c="inherit"
              fw={600}
            >
              {pool.name}
            </TextLink>{' '}
            {t('ipam.vlanAlert.left', {
              left: capacity(pool.available),
              total: capacity(pool.total),
              warn: pool.warn_percent,
            })}
          </Text>
        ))}
        <Text size="sm">{t('ipam.vlanAlert.do')}</Text>
      </Stack>
    </Alert>
  );
}
