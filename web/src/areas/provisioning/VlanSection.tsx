import { Group, Radio, SimpleGrid, Switch, Text } from '@mantine/core';
import { t } from '../../messages';
import { count } from '../../shared/format';
import { Pick, Whole } from './Field';
import { asked, type OrderForm, vlanWays } from './fields';
import { useVlanPools } from './lookups';
import { Section } from './Section';

/** Untagged, taken from a pool, or given; one tag, or two for Q-in-Q. */
export function VlanSection({ form }: { form: OrderForm }) {
  const pools = useVlanPools();
  const shown = asked(form.values);
  const free = pools.find((pool) => pool.name === form.values.vlan_pool);
  return (
    <Section number={5} title={t('order.vlan')}>
      <Radio.Group
        label={t('order.vlan_way')}
        value={String(form.values.vlan_way)}
        onChange={(way) => form.setFieldValue('vlan_way', way)}
      >
        <Group gap="md" mt={4}>
          {vlanWays.map((way) => (
            <Radio key={way} value={way} label={t(`order.vlan_way.${way}`)} />
          ))}
        </Group>
      </Radio.Group>
      {shown.has('qinq_enabled') && (
        <Switch
          label={t('order.qinq_enabled')}
          description={t('order.qinq_enabled.hint')}
          {...form.getInputProps('qinq_enabled', { type: 'checkbox' })}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        {shown.has('vlan_pool') && (
          <div>
            <Pick
              form={form}
              name="vlan_pool"
              data={pools.map((pool) => pool.name)}
              placeholder={t('order.byDefault')}
              nothing={t('order.noPool')}
            />
            {free && (
              <Text size="xs" c="dimmed" mt={2}>
                {t('order.free', { free: count(free.available), total: count(free.total) })}
              </Text>
            )}
          </div>
        )}
        {shown.has('service_vlan') && <Whole form={form} name="service_vlan" placeholder="100" />}
        {shown.has('inner_vlan') && <Whole form={form} name="inner_vlan" placeholder="1" />}
      </SimpleGrid>
    </Section>
  );
}
