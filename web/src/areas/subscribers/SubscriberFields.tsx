import { Button, Fieldset, NumberInput, Select, SimpleGrid, Switch, Textarea, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { kbps } from '../../shared/format';
import { useProfiles } from '../../shared/lookups';
import { randomSecret } from '../../shared/random';
import type { FieldName, SubscriberForm } from './fields';

type Props = { form: SubscriberForm; creating: boolean };

/** Every field of a subscriber, in the order a support agent asks for them. */
export function SubscriberFields({ form, creating }: Props) {
  const profiles = useProfiles();
  const bind = (name: FieldName) => ({ name, label: t(`subscriber.${name}`), ...form.getInputProps(name) });
  const address = (name: FieldName, placeholder: string) => (
    <TextInput
      {...bind(name)}
      placeholder={placeholder}
      classNames={{ input: 'mono' }}
      autoComplete="off"
      spellCheck={false}
    />
  );
  const whole = (name: FieldName, min: number, max: number) => (
    <NumberInput
      {...bind(name)}
      min={min}
      max={max}
      clampBehavior="none"
      allowDecimal={false}
      hideControls
      inputMode="numeric"
    />
  );

  return (
    <>
      <Fieldset legend={t('subscriber.group.identity')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <TextInput {...bind('username')} required autoComplete="off" spellCheck={false} data-autofocus />
          <TextInput
            name="password"
            label={creating ? t('subscriber.password') : t('subscriber.newPassword')}
            description={creating ? undefined : t('subscriber.newPassword.hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            required={creating}
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'mono' }}
            {...form.getInputProps('password')}
            rightSectionWidth={84}
            rightSection={
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() => form.setFieldValue('password', randomSecret(16))}
              >
                {t('subscriber.generate')}
              </Button>
            }
          />
          <TextInput {...bind('full_name')} autoComplete="off" />
          <TextInput
            {...bind('subscriber_number')}
            placeholder={creating ? t('subscriber.subscriber_number.hint') : undefined}
          />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('subscriber.group.service')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Select
            {...bind('bandwidth_profile_id')}
            data={profiles.map((profile) => ({
              value: profile.id,
              label: `${profile.name} (${kbps(profile.download_rate_kbps)} / ${kbps(profile.upload_rate_kbps)})`,
            }))}
            value={String(form.values.bandwidth_profile_id) || null}
            onChange={(id) => form.setFieldValue('bandwidth_profile_id', id ?? '')}
            placeholder={t('subscriber.noProfile')}
            searchable
            clearable
          />
          <Switch
            {...form.getInputProps('enabled', { type: 'checkbox' })}
            name="enabled"
            label={t('subscriber.enabled')}
            mt={{ base: 0, xs: 28 }}
          />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('subscriber.group.address')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          {address('framed_ipv4_address', '100.64.10.20')}
          {address('framed_ipv4_netmask', '255.255.255.255')}
          {address('framed_ipv6_prefix', '2001:db8:1:2::/64')}
          {address('framed_ipv6_address', '2001:db8:1:2::5')}
          {address('delegated_ipv6_prefix', '2001:db8:4500::/56')}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('subscriber.group.line')}>
        <SimpleGrid cols={2} spacing="sm">
          {whole('vlan_id', 1, 4094)}
          {whole('inner_vlan', 1, 4094)}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('subscriber.group.limits')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          {whole('simultaneous_use', 1, 1000)}
          {whole('acct_interim_interval', 60, 86_400)}
          {whole('session_timeout', 1, 31_536_000)}
          {whole('idle_timeout', 1, 31_536_000)}
          <TextInput {...bind('filter_id')} />
        </SimpleGrid>
      </Fieldset>
      <Textarea {...bind('notes')} autosize minRows={2} />
    </>
  );
}
