import { Alert, Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Subscriber } from '../../../api/types';
import { t } from '../../../messages';
import { useMe } from '../../../shared/me';
import { grantsOf } from '../grants';

/**
 * What a run has provisioned is changed by a run: written into the books alone, the VLAN's reservation and the ONU's flows would stay the
 * old ones, and the line would go dark.
 */
export const ownedByRuns = {
  subscriber: [
    'bandwidth_profile_id',
    'framed_ipv4_address',
    'framed_ipv4_netmask',
    'framed_ipv6_prefix',
    'framed_ipv6_address',
    'delegated_ipv6_prefix',
    'vlan_id',
    'inner_vlan',
  ],
  profile: [
    'service_vlan',
    'inner_vlan',
    'qinq_enabled',
    'static_ipv4',
    'ipv4_netmask',
    'static_ipv6',
    'ipv6_prefix',
    'delegated_ipv6_prefix',
    'ipv6_pd_size',
  ],
} as const;

/** Says so above such a form, and leads to where it is done. */
export function InService({ subscriber, onLeave }: { subscriber: Subscriber; onLeave?: () => void }) {
  const navigate = useNavigate();
  const may = grantsOf(useMe().permissions, subscriber);
  const go = () => {
    onLeave?.();
    void navigate({ to: '/subscribers/$key', params: { key: subscriber.id }, search: { order: 'network' } });
  };
  return (
    <Alert
      variant="light"
      styles={{ root: { background: 'var(--dm-warn-soft)' }, message: { color: 'var(--mantine-color-text)' } }}
      data-testid="in-service"
    >
      <Group justify="space-between" gap="xs">
        <span>{t('network.inService')}</span>
        {may.network && (
          <Button size="compact-sm" variant="default" onClick={go}>
            {t('network.change')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
