import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { useProfiles } from '../../shared/lookups';
import type { Order } from './queries';
import type { Kind } from './search';

type Props = { kind: Kind; order: Order; faults: Record<string, string>; onChange: (order: Order) => void };
const number = (value: number | string) => (value === '' ? null : Number(value));

/** What is changed, by the kind of change. */
export function OrderFields({ kind, order, faults, onChange }: Props) {
  const profiles = useProfiles();
  const whole = (name: 'download_rate_kbps' | 'upload_rate_kbps' | 'vlan_id' | 'inner_vlan') => (
    <NumberInput
      label={t(`coa.${name}`)}
      value={order[name] ?? ''}
      onChange={(value) => onChange({ ...order, [name]: number(value) })}
      error={faults[name]}
      hideControls
      allowDecimal={false}
      clampBehavior="none"
    />
  );
  const word = (name: 'delegated_ipv6_prefix' | 'framed_ipv6_prefix' | 'filter_id', placeholder?: string) => (
    <TextInput
      label={t(`coa.${name}`)}
      value={order[name] ?? ''}
      onChange={(event) => onChange({ ...order, [name]: event.currentTarget.value || null })}
      error={faults[name]}
      placeholder={placeholder}
      classNames={{ input: 'mono' }}
      spellCheck={false}
    />
  );
  if (kind === 'rate') {
    return (
      <>
        <Select
          label={t('coa.bandwidth_profile_id')}
          data={profiles.map((profile) => ({ value: profile.id, label: profile.name }))}
          value={order.bandwidth_profile_id ?? null}
          onChange={(id) => onChange({ bandwidth_profile_id: id })}
          error={faults.bandwidth_profile_id}
          searchable
          clearable
        />
        {!order.bandwidth_profile_id && (
          <SimpleGrid cols={2} spacing="sm">
            {whole('download_rate_kbps')}
            {whole('upload_rate_kbps')}
          </SimpleGrid>
        )}
      </>
    );
  }
  if (kind === 'vlan') {
    return (
      <SimpleGrid cols={2} spacing="sm">
        {whole('vlan_id')}
        {whole('inner_vlan')}
      </SimpleGrid>
    );
  }
  if (kind === 'ipv6_prefix') {
    return (
      <>
        {word('delegated_ipv6_prefix', '2001:db8:4500::/56')}
        {word('framed_ipv6_prefix', '2001:db8:1:2::/64')}
      </>
    );
  }
  return kind === 'disconnect' ? null : word('filter_id', 'walled-garden');
}
