import { Fieldset, Select, SimpleGrid, TagsInput } from '@mantine/core';
import { t } from '../../messages';
import { ipv6Modes, type SubscriberForm } from './fields';
import { bound, WordField } from './LineField';

/** Addresses of the line's own, or pools of the NAS, for IPv4 and for IPv6. */
export function AddressFields({ form }: { form: SubscriberForm }) {
  return (
    <>
      <Fieldset legend={t('subscriber.group.ipv4')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <WordField form={form} name="framed_ipv4_address" placeholder="100.64.10.20" mono />
          <WordField form={form} name="framed_ipv4_netmask" placeholder="255.255.255.255" mono />
          <WordField form={form} name="framed_ipv4_pool" hint />
        </SimpleGrid>
        <TagsInput
          {...bound(form, 'framed_routes', true)}
          value={form.values.framed_routes as string[]}
          onChange={(routes) => form.setFieldValue('framed_routes', routes)}
          placeholder="203.0.113.0/29"
          maxTags={16}
          splitChars={[',', ';']}
          acceptValueOnBlur
          mt="xs"
        />
      </Fieldset>
      <Fieldset legend={t('subscriber.group.ipv6')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <Select
            {...bound(form, 'ipv6_mode', true)}
            data={ipv6Modes.map((value) => ({ value, label: t(`subscriber.ipv6.${value}`) }))}
            value={String(form.values.ipv6_mode) || null}
            onChange={(mode) => form.setFieldValue('ipv6_mode', mode ?? '')}
            placeholder={t('subscriber.ipv6.auto')}
            clearable
          />
          <WordField form={form} name="framed_ipv6_prefix" placeholder="2001:db8:1:2::/64" mono />
          <WordField form={form} name="framed_ipv6_address" placeholder="2001:db8:1:2::5" mono />
          <WordField form={form} name="delegated_ipv6_prefix" placeholder="2001:db8:4500::/56" mono />
          <WordField form={form} name="framed_ipv6_pool" />
          <WordField form={form} name="delegated_ipv6_pool" />
        </SimpleGrid>
      </Fieldset>
    </>
  );
}
