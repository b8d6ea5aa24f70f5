import { Button, Fieldset, Select, SimpleGrid, Switch, Textarea, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { kbps } from '../../shared/format';
import { useProfiles } from '../../shared/lookups';
import { randomSecret } from '../../shared/random';
import { AddressFields } from './AddressFields';
import type { FieldName, SubscriberForm } from './fields';
import { WholeField, WordField } from './LineField';
import { LineFields } from './LineFields';

type Props = { form: SubscriberForm; creating: boolean };

/** Every field of a subscriber, in the order a support agent asks for them. */
export function SubscriberFields({ form, creating }: Props) {
  const profiles = useProfiles();
  const bind = (name: FieldName) => ({ name, label: t(`subscriber.${name}`), ...form.getInputProps(name) });
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
      <AddressFields form={form} />
      <LineFields form={form} />
      <Fieldset legend={t('subscriber.group.limits')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <WholeField form={form} name="simultaneous_use" min={0} max={1000} hint />
          <WholeField form={form} name="acct_interim_interval" min={60} max={86_400} />
          <WholeField form={form} name="session_timeout" min={1} max={31_536_000} />
          <WholeField form={form} name="idle_timeout" min={1} max={31_536_000} />
          <WordField form={form} name="filter_id" />
          <WordField form={form} name="walled_garden_filter_id" hint />
        </SimpleGrid>
      </Fieldset>
      <Textarea {...bind('notes')} autosize minRows={2} />
    </>
  );
}
