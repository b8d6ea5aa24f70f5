import { Button, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { randomSecret } from '../../shared/random';
import { bound, Word } from './Field';
import type { OrderField, OrderForm } from './fields';
import { Section } from './Section';

/** What the line signs on with, and the Wi-Fi of the customer's device. */
export function AccountSection({ form }: { form: OrderForm }) {
  return (
    <>
      <Section number={6} title={t('order.account')} lead={t('order.account.lead')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <Word form={form} name="username" required />
          <SecretField form={form} name="password" />
          <Word form={form} name="subscriber_number" />
        </SimpleGrid>
      </Section>
      <Section number={7} title={t('order.wifi')} lead={t('order.wifi.lead')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <Word form={form} name="wifi_ssid" />
          <SecretField form={form} name="wifi_passphrase" />
        </SimpleGrid>
        <Textarea {...bound(form, 'notes')} autosize minRows={1} />
      </Section>
    </>
  );
}

function SecretField({ form, name }: { form: OrderForm; name: OrderField }) {
  return (
    <TextInput
      {...bound(form, name)}
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: 'mono' }}
      rightSectionWidth={84}
      rightSection={
        <Button variant="subtle" size="compact-xs" onClick={() => form.setFieldValue(name, randomSecret(16))}>
          {t('subscriber.generate')}
        </Button>
      }
    />
  );
}
