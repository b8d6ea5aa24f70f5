import { Autocomplete, Fieldset, NumberInput, Select, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { NetworkProfile, Subscriber } from '../../../api/types';
import { lookup, t } from '../../../messages';
import { Editor } from '../../../shared/form/Editor';
import { changed, type FormValue, filled, toForm } from '../../../shared/form/values';
import { usePoolNames } from '../../defaults/pools';
import { InService, ownedByRuns } from '../change/InService';
import { ipv6Modes, option82Policies } from '../fields';
import { isOwnedByRuns } from '../grants';
import { order } from '../LineField';
import { makeProfile, type ProfileFields, type ProfilePatch, patchProfile, useProfileChanged } from './queries';

const names = [
  'circuit_id',
  'remote_id',
  'option82_policy',
  'service_vlan',
  'inner_vlan',
  'qinq_enabled',
  'vlan_pool',
  'static_ipv4',
  'ipv4_netmask',
  'ipv4_pool',
  'nas_ipv4_pool',
  'ipv6_assignment_mode',
  'static_ipv6',
  'ipv6_prefix',
  'ipv6_pool',
  'delegated_ipv6_prefix',
  'ipv6_pd_size',
  'pd_pool',
  'nas_ipv6_pool',
  'nas_pd_pool',
] as const;

type Name = (typeof names)[number];
type Values = Record<Name, FormValue>;
type Form = UseFormReturnType<Values>;
type Props = { profile: NetworkProfile; subscriber: Subscriber; onClose: () => void };

/** The whole line in one form, each field with what it makes RADIUS send. Only what was changed is written. */
export function NetworkProfileEditor({ profile, subscriber, onClose }: Props) {
  const [from, setFrom] = useState(profile);
  const refresh = useProfileChanged();
  const making = !from.is_stored;
  // A new profile takes what nobody says from the defaults of plan and site: what the empty one shows is nobody's word.
  const start: Values = {
    ...toForm(names, from),
    ...(making && { qinq_enabled: from.inner_vlan !== null, option82_policy: '', ipv6_pd_size: '' }),
  };
  const save = async (values: Values) => {
    if (making) {
      const { qinq_enabled: qinq, ...rest } = filled(values);
      const body = values.qinq_enabled === start.qinq_enabled ? rest : { ...rest, qinq_enabled: qinq };
      await makeProfile(from, body as ProfileFields);
    } else {
      await patchProfile(from, changed(start, values) as ProfilePatch);
    }
    notifications.show({ message: t('line.saved') });
    await refresh();
  };
  return (
    <Editor
      key={from.version}
      title={making ? t('line.create') : t('line.change')}
      start={start}
      creating={making}
      locked={isOwnedByRuns(subscriber) ? ownedByRuns.profile : undefined}
      save={save}
      onClose={onClose}
      onReload={() => setFrom(profile)}
    >
      {(form) => (
        <>
          {isOwnedByRuns(subscriber) && <InService subscriber={subscriber} onLeave={onClose} />}
          {making && (
            <Text size="sm" c="dimmed">
              {t('line.defaultsHint')}
            </Text>
          )}
          <Group of="place">
            <Word form={form} name="circuit_id" placeholder="olt1 eth 0/1/3:101" />
            <Word form={form} name="remote_id" placeholder="0x001122aabbcc" />
            <Pick form={form} name="option82_policy" of={option82Policies} words="option82" />
          </Group>
          <Group of="vlan">
            <Whole form={form} name="service_vlan" min={1} max={4094} />
            <Whole form={form} name="inner_vlan" min={1} max={4094} />
            <Switch
              {...form.getInputProps('qinq_enabled', { type: 'checkbox' })}
              name="qinq_enabled"
              label={t('line.qinq_enabled')}
              description={t('line.qinq_enabled.hint')}
            />
            <Pool form={form} name="vlan_pool" />
          </Group>
          <Group of="ipv4">
            <Word form={form} name="static_ipv4" placeholder="100.64.10.20" />
            <Word form={form} name="ipv4_netmask" placeholder="255.255.255.255" />
            <Pool form={form} name="ipv4_pool" />
            <Word form={form} name="nas_ipv4_pool" />
          </Group>
          <Group of="ipv6">
            <Pick form={form} name="ipv6_assignment_mode" of={ipv6Modes} words="ipv6" />
            <Word form={form} name="static_ipv6" placeholder="2001:db8:1:2::5" />
            <Word form={form} name="ipv6_prefix" placeholder="2001:db8:1:2::/64" />
            <Pool form={form} name="ipv6_pool" />
            <Word form={form} name="delegated_ipv6_prefix" placeholder="2001:db8:4500::/56" />
            <Whole form={form} name="ipv6_pd_size" min={48} max={64} />
            <Pool form={form} name="pd_pool" />
            <Word form={form} name="nas_ipv6_pool" />
            <Word form={form} name="nas_pd_pool" />
          </Group>
        </>
      )}
    </Editor>
  );
}

function Group({ of, children }: { of: 'place' | 'vlan' | 'ipv4' | 'ipv6'; children: React.ReactNode }) {
  return (
    <Fieldset legend={t(`line.group.${of}`)}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        {children}
      </SimpleGrid>
    </Fieldset>
  );
}

const bound = (form: Form, name: Name) => ({
  name,
  label: t(`line.${name}`),
  description: lookup(`line.${name}.hint`),
  inputWrapperOrder: order,
  ...form.getInputProps(name),
});

type FieldProps = { form: Form; name: Name };

const Word = ({ form, name, placeholder }: FieldProps & { placeholder?: string }) => (
  <TextInput
    {...bound(form, name)}
    placeholder={placeholder}
    classNames={placeholder ? { input: 'mono' } : undefined}
    autoComplete="off"
    spellCheck={false}
  />
);

/** A pool by its name: those of the address plan are offered, one that is not there is said so. */
function Pool({ form, name }: { form: Form; name: 'vlan_pool' | 'ipv4_pool' | 'ipv6_pool' | 'pd_pool' }) {
  const known = usePoolNames()(name);
  const { description, ...field } = bound(form, name);
  const typed = String(form.values[name]);
  const isMissing = known !== undefined && known.length > 0 && typed !== '' && !known.includes(typed);
  return known ? (
    <Autocomplete
      {...field}
      description={isMissing ? t('line.poolUnknown') : description}
      data={known}
      clearable
      spellCheck={false}
    />
  ) : (
    <Word form={form} name={name} />
  );
}

const Whole = ({ form, name, min, max }: FieldProps & { min: number; max: number }) => (
  <NumberInput
    {...bound(form, name)}
    min={min}
    max={max}
    clampBehavior="none"
    allowDecimal={false}
    hideControls
    inputMode="numeric"
  />
);

type PickProps = FieldProps & { of: readonly string[]; words: 'option82' | 'ipv6' };

const Pick = ({ form, name, of, words }: PickProps) => (
  <Select
    {...bound(form, name)}
    data={of.map((value) => ({ value, label: lookup(`subscriber.${words}.${value}`) ?? value }))}
    value={String(form.values[name]) || null}
    onChange={(value) => form.setFieldValue(name, value ?? '')}
    clearable
  />
);
