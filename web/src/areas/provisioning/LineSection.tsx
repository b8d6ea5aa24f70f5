import { SimpleGrid } from '@mantine/core';
import { t } from '../../messages';
import { Pick, Word } from './Field';
import { type OrderForm, option82Policies } from './fields';
import { useSites } from './lookups';
import { OnuPicker } from './OnuPicker';
import { Section } from './Section';

/** Which line it is: the ONU on the fibre, and what the access node says of it in Option 82. */
export function LineSection({ form }: { form: OrderForm }) {
  const sites = useSites();
  return (
    <Section number={3} title={t('order.line')} lead={t('order.line.lead')}>
      <OnuPicker form={form} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        <Pick
          form={form}
          name="site_id"
          data={sites.map((site) => ({ value: site.id, label: site.name }))}
          placeholder={t('order.noSite')}
        />
        <Word form={form} name="cpe_mac_address" placeholder="aa:bb:cc:dd:ee:ff" mono />
        <Word form={form} name="circuit_id" placeholder="olt1 eth 0/1/3:101" mono />
        <Word form={form} name="remote_id" placeholder="0x001122aabbcc" mono />
        <Pick
          form={form}
          name="option82_policy"
          data={option82Policies.map((value) => ({ value, label: t(`subscriber.option82.${value}`) }))}
          placeholder={t('order.byDefault')}
        />
      </SimpleGrid>
    </Section>
  );
}
