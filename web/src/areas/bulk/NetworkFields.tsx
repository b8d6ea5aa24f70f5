import { Alert, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { poolsQuery, sitesQuery, vlanPoolsQuery } from '../ipam/queries';
import { type NetworkValues, next } from './network';

type Props = {
  values: NetworkValues;
  onChange: (values: NetworkValues) => void;
  faultOf: (field: string) => string | undefined;
};

/** What every line is to get anew: from which pools, and at which place. */
export function NetworkFields({ values, onChange, faultOf }: Props) {
  const maySee = useCan('isp.ipam.read');
  const enabled = maySee;
  const pools = useQuery({ ...poolsQuery({ limit: 500 }), enabled });
  const vlans = useQuery({ ...vlanPoolsQuery({ limit: 500 }), enabled });
  const sites = useQuery({ ...sitesQuery({ limit: 500 }), enabled });
  const set = (part: Partial<NetworkValues>) => onChange({ ...values, ...part });
  const failed = [pools, vlans, sites].find((one) => one.isError);
  const named = (names: string[]) => [
    { value: next, label: t('bulk.net.next') },
    ...names.map((name) => ({ value: name, label: name })),
  ];
  const ofTypes = (...types: string[]) =>
    (pools.data?.items ?? []).filter((pool) => types.includes(pool.type)).map((pool) => pool.name);
  const pick = (field: 'vlan' | 'ipv4' | 'ipv6' | 'delegated_prefix', names: string[]) => (
    <Select
      label={t(`bulk.net.${field}`)}
      placeholder={t('bulk.net.stays')}
      data={named(names)}
      value={values[field] || null}
      error={faultOf(`parameters.network.${field}`) ?? faultOf(field)}
      onChange={(value) => set({ [field]: value ?? '' })}
      clearable
      searchable={names.length > 8}
    />
  );
  return (
    <Stack gap="xs">
      {!maySee && <Alert variant="default">{t('problem.noPermission', { permission: 'isp.ipam.read' })}</Alert>}
      {failed && <ProblemAlert error={failed.error} onRetry={() => failed.refetch()} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {pick(
          'vlan',
          (vlans.data?.items ?? []).map((pool) => pool.name),
        )}
        {pick('ipv4', ofTypes('ipv4_private', 'ipv4_public'))}
        {pick('ipv6', ofTypes('ipv6_address'))}
        {pick('delegated_prefix', ofTypes('ipv6_pd'))}
        {values.delegated_prefix && (
          <NumberInput
            label={t('bulk.net.length')}
            value={values.length}
            error={faultOf('delegated_prefix.length')}
            placeholder="56"
            hideControls
            clampBehavior="none"
            onChange={(length) => set({ length: length === '' ? '' : Number(length) })}
          />
        )}
        <Select
          label={t('ipam.site')}
          placeholder={t('bulk.net.stays')}
          data={(sites.data?.items ?? []).map((site) => ({ value: site.id, label: site.name }))}
          value={values.site || null}
          error={faultOf('place.site_id')}
          onChange={(site) => set({ site: site ?? '' })}
          clearable
          searchable
        />
        <TextInput
          label={t('bulk.net.address')}
          placeholder={t('bulk.net.stays')}
          value={values.address}
          error={faultOf('place.service_address')}
          onChange={(event) => set({ address: event.currentTarget.value })}
        />
      </SimpleGrid>
      {values.vlan && (
        <Switch
          label={t('bulk.net.qinq')}
          checked={values.qinq}
          onChange={(event) => set({ qinq: event.currentTarget.checked })}
        />
      )}
      {faultOf('parameters.network') && (
        <Text size="sm" c="var(--dm-bad)" role="alert">
          {t('bulk.net.nothing')}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t('bulk.net.hint')}
      </Text>
    </Stack>
  );
}
