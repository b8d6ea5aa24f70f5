import { Group, Radio, SimpleGrid, Text } from '@mantine/core';
import { t } from '../../messages';
import { count } from '../../shared/format';
import { Pick, Whole, Word } from './Field';
import { asked, ipv4Ways, ipv6Modes, type OrderField, type OrderForm } from './fields';
import { type Pool, usePools } from './lookups';
import { ReservationPick } from './ReservationPick';
import { Section } from './Section';

/** Where the addresses come from, and of which kinds. */
export function AddressSection({ form }: { form: OrderForm }) {
  const pools = usePools();
  const shown = asked(form.values);
  const of = (name: OrderField, kinds: string[]) =>
    shown.has(name) && <PoolPick form={form} name={name} pools={pools.filter((pool) => kinds.includes(pool.type))} />;
  return (
    <Section number={4} title={t('order.addresses')}>
      <Radio.Group
        label={t('order.ipv4_way')}
        value={String(form.values.ipv4_way)}
        onChange={(way) => form.setFieldValue('ipv4_way', way)}
      >
        <Group gap="md" mt={4}>
          {ipv4Ways.map((way) => (
            <Radio key={way} value={way} label={t(`order.ipv4_way.${way}`)} />
          ))}
        </Group>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        {of('ipv4_pool', ['ipv4_public', 'ipv4_private'])}
        {shown.has('static_ipv4') && <Word form={form} name="static_ipv4" placeholder="203.0.113.20" mono />}
        {shown.has('reserved_ipv4') && <ReservationPick form={form} name="reserved_ipv4" kind="ipv4" />}
        {shown.has('nas_ipv4_pool') && <Word form={form} name="nas_ipv4_pool" />}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        <Pick
          form={form}
          name="ipv6_assignment_mode"
          data={ipv6Modes.map((value) => ({ value, label: t(`subscriber.ipv6.${value}`) }))}
          placeholder={t('order.byDefault')}
        />
        {of('ipv6_pool', ['ipv6_address'])}
        {shown.has('static_ipv6') && <Word form={form} name="static_ipv6" placeholder="2001:db8:1::5" mono />}
        {shown.has('reserved_ipv6') && <ReservationPick form={form} name="reserved_ipv6" kind="ipv6" optional />}
        {of('pd_pool', ['ipv6_pd'])}
        {shown.has('ipv6_pd_size') && <Whole form={form} name="ipv6_pd_size" placeholder="56" />}
        {shown.has('delegated_ipv6_prefix') && (
          <Word form={form} name="delegated_ipv6_prefix" placeholder="2001:db8:4500::/56" mono />
        )}
        {shown.has('reserved_prefix') && (
          <ReservationPick form={form} name="reserved_prefix" kind="delegated_prefix" optional />
        )}
      </SimpleGrid>
    </Section>
  );
}

/** A pool by name, with how many it has left. */
export function PoolPick({ form, name, pools }: { form: OrderForm; name: OrderField; pools: Pool[] }) {
  const left = (of: string) => {
    const pool = pools.find((one) => one.name === of);
    return (
      pool && (
        <span data-low={pool.available === 0}>
          {t('order.free', { free: count(pool.available), total: count(pool.total) })}
        </span>
      )
    );
  };
  const chosen = String(form.values[name]);
  return (
    <div>
      <Pick
        form={form}
        name={name}
        data={pools.map((pool) => pool.name)}
        placeholder={t('order.byDefault')}
        nothing={t('order.noPool')}
        renderOption={({ option }) => (
          <Group justify="space-between" w="100%" wrap="nowrap">
            <span>{option.label}</span>
            <Text size="xs" c="dimmed" className="num">
              {left(option.value)}
            </Text>
          </Group>
        )}
      />
      {chosen && (
        <Text size="xs" c="dimmed" mt={2}>
          {left(chosen)}
        </Text>
      )}
    </div>
  );
}
