import { Group, SimpleGrid, Text } from '@mantine/core';
import { t } from '../../messages';
import { kbps } from '../../shared/format';
import { useProfiles } from '../../shared/lookups';
import { Pick, Word } from './Field';
import type { OrderForm } from './fields';
import { Section } from './Section';

/** Who is served, and with which rates. */
export function PlanSection({ form }: { form: OrderForm }) {
  const profiles = useProfiles();
  const rates = (id: string) => {
    const found = profiles.find((one) => one.id === id);
    return found && t('order.rates', { down: kbps(found.download_rate_kbps), up: kbps(found.upload_rate_kbps) });
  };
  return (
    <Section number={1} title={t('order.plan')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        <Pick
          form={form}
          name="bandwidth_profile_id"
          required
          placeholder={t('order.choosePlan')}
          nothing={t('order.noPlan')}
          data={profiles.map((one) => ({ value: one.id, label: one.name }))}
          renderOption={({ option }) => (
            <Group justify="space-between" w="100%" wrap="nowrap">
              <span>{option.label}</span>
              <Text size="xs" c="dimmed" className="num">
                {rates(option.value)}
              </Text>
            </Group>
          )}
        />
        <Word form={form} name="full_name" />
      </SimpleGrid>
      {form.values.bandwidth_profile_id && (
        <Text size="sm" c="dimmed" data-testid="plan-rates">
          {rates(String(form.values.bandwidth_profile_id))}
        </Text>
      )}
    </Section>
  );
}
