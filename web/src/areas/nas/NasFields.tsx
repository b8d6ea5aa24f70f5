import { Autocomplete, Button, NumberInput, Select, SimpleGrid, Switch, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { randomSecret } from '../../shared/random';
import { vendorName } from './columns';
import type { NasFieldName, NasValues } from './fields';
import { nasGroupsQuery } from './queries';
import { vendors } from './search';

const policies = ['require', 'auto', 'ignore'] as const;
const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[];

export function NasFields({ form, creating }: { form: UseFormReturnType<NasValues>; creating: boolean }) {
  const groups = useQuery(nasGroupsQuery);
  const bind = (name: NasFieldName) => ({
    name,
    label: t(`nas.field.${name}`),
    inputWrapperOrder: order,
    ...form.getInputProps(name),
  });
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        <TextInput {...bind('shortname')} required autoComplete="off" data-autofocus />
        <TextInput
          {...bind('nasname')}
          description={t('nas.field.nasname.hint')}
          required
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: 'mono' }}
        />
        <Select
          {...bind('vendor')}
          description={t('nas.field.vendor.hint')}
          required
          allowDeselect={false}
          data={vendors.map((vendor) => ({ value: vendor, label: vendorName(vendor) }))}
        />
        <TextInput
          name="secret"
          label={creating ? t('nas.field.secret') : t('nas.field.newSecret')}
          description={creating ? undefined : t('nas.field.secret.keep')}
          inputWrapperOrder={order}
          required={creating}
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('secret')}
          rightSectionWidth={84}
          rightSection={
            <Button variant="subtle" size="compact-xs" onClick={() => form.setFieldValue('secret', randomSecret(32))}>
              {t('subscriber.generate')}
            </Button>
          }
        />
        <NumberInput {...bind('coa_port')} allowDecimal={false} hideControls inputMode="numeric" clampBehavior="none" />
        <Select
          {...bind('message_authenticator_policy')}
          allowDeselect={false}
          data={policies.map((policy) => ({ value: policy, label: t(`nas.policy.${policy}`) }))}
        />
        <TextInput {...bind('nas_identifier')} description={t('nas.field.nas_identifier.hint')} />
        <TextInput {...bind('type')} />
        <Autocomplete
          {...bind('nas_group')}
          value={String(form.values.nas_group)}
          description={t('nas.field.nas_group.hint')}
          data={groups.data?.items.map((group) => group.name) ?? []}
        />
        <TextInput
          {...bind('radsec_name')}
          description={t('nas.field.radsec_name.hint')}
          classNames={{ input: 'mono' }}
        />
      </SimpleGrid>
      <Textarea {...bind('description')} autosize minRows={2} />
      <Switch {...form.getInputProps('enabled', { type: 'checkbox' })} name="enabled" label={t('nas.field.enabled')} />
    </>
  );
}
