import { Code, Fieldset, NumberInput, SimpleGrid, TagsInput, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { nasGroupsQuery } from '../nas/queries';
import type { ProfileFieldName, ProfileValues } from './fields';
import { mikrotikRateLimit } from './rateLimit';

export function ProfileFields({ form }: { form: UseFormReturnType<ProfileValues> }) {
  const groups = useQuery(nasGroupsQuery);
  const bind = (name: ProfileFieldName) => ({ name, label: t(`profile.${name}`), ...form.getInputProps(name) });
  const whole = (name: ProfileFieldName, required = false) => (
    <NumberInput
      {...bind(name)}
      required={required}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      inputMode="numeric"
      thousandSeparator=" "
    />
  );
  const number = (name: ProfileFieldName) => Number(form.values[name]) || 0;

  return (
    <>
      <TextInput {...bind('name')} required autoComplete="off" data-autofocus />
      <TextInput {...bind('description')} />
      <Fieldset legend={t('profile.group.rate')}>
        <SimpleGrid cols={2} spacing="sm">
          {whole('download_rate_kbps', true)}
          {whole('upload_rate_kbps', true)}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('profile.group.burst')}>
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="xs">
          {whole('download_burst_kbps')}
          {whole('upload_burst_kbps')}
          {whole('burst_threshold_percent')}
          {whole('burst_time_seconds')}
          {whole('priority')}
        </SimpleGrid>
      </Fieldset>
      <TagsInput
        {...bind('allowed_nas_groups')}
        value={(form.values.allowed_nas_groups || []) as string[]}
        onChange={(groups) => form.setFieldValue('allowed_nas_groups', groups)}
        description={t('profile.allowed_nas_groups.hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={groups.data?.items.map((group) => group.name) ?? []}
        acceptValueOnBlur
      />
      <TextInput
        {...bind('vendor_profile_name')}
        description={t('profile.vendor_profile_name.hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <div>
        <Text size="sm" fw={600}>
          {t('profile.preview')}
        </Text>
        <Code block data-testid="rate-limit">
          Mikrotik-Rate-Limit = "
          {mikrotikRateLimit({
            download_rate_kbps: number('download_rate_kbps'),
            upload_rate_kbps: number('upload_rate_kbps'),
            download_burst_kbps: number('download_burst_kbps'),
            upload_burst_kbps: number('upload_burst_kbps'),
            burst_threshold_percent: number('burst_threshold_percent') || null,
            burst_time_seconds: number('burst_time_seconds') || null,
            priority: number('priority'),
          })}
          "
        </Code>
        <Text size="xs" c="dimmed">
          {t('profile.previewNote')}
        </Text>
      </div>
    </>
  );
}
