import { Fieldset, Select, SimpleGrid } from '@mantine/core';
import { t } from '../../messages';
import { option82Policies, type SubscriberForm } from './fields';
import { bound, WholeField, WordField } from './LineField';

/** Which VLANs the line is in, where it must sign on from, and the station that may sign on by itself. */
export function LineFields({ form }: { form: SubscriberForm }) {
  return (
    <Fieldset legend={t('subscriber.group.line')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        <WholeField form={form} name="vlan_id" min={1} max={4094} hint />
        <WholeField form={form} name="inner_vlan" min={1} max={4094} hint />
        <WordField form={form} name="circuit_id" placeholder="olt1 eth 0/1/3:101" mono hint />
        <WordField form={form} name="remote_id" placeholder="0x001122aabbcc" mono hint />
        <Select
          {...bound(form, 'option82_policy', true)}
          allowDeselect={false}
          data={option82Policies.map((value) => ({ value, label: t(`subscriber.option82.${value}`) }))}
        />
        <WordField form={form} name="mac_address" placeholder="aa:bb:cc:dd:ee:ff" mono hint />
      </SimpleGrid>
    </Fieldset>
  );
}
