import { Autocomplete, Fieldset, NumberInput, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { lookup, t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, type FormValue, filled, toForm } from '../../shared/form/values';
import { TextLink } from '../../shared/links';
import { useProfiles } from '../../shared/lookups';
import { useSites } from '../provisioning/lookups';
import { ipv6Modes, option82Policies } from '../subscribers/fields';
import { order } from '../subscribers/LineField';
import { type Fact, facts } from './inherit';
import { usePoolNames } from './pools';
import { createDefaults, type Defaults, patchDefaults, useDefaultsChanged } from './queries';
import { told, useInherited, useScopeName } from './words';

const names = ['bandwidth_profile_id', 'site_id', ...facts] as const;
type Name = (typeof names)[number];
type Values = Record<Name, FormValue>;
type Form = UseFormReturnType<Values>;
type Props = { of?: Defaults; all: Defaults[]; begin: { plan?: string; site?: string }; onClose: () => void };

/** A choice that may be left open holds a word; the API wants true, false or nothing. */
const written = (body: Record<string, unknown>) => ({
  ...body,
  ...(typeof body.qinq_enabled === 'string' && { qinq_enabled: body.qinq_enabled === 'true' }),
});

const scopeOf = (values: Values) => ({
  bandwidth_profile_id: String(values.bandwidth_profile_id) || null,
  site_id: String(values.site_id) || null,
});

/** Defaults in one form. An empty field shows what it inherits, and from whom. */
export function DefaultsEditor({ of, all, begin, onClose }: Props) {
  const [from, setFrom] = useState(of);
  const refresh = useDefaultsChanged();
  const scopeName = useScopeName();
  const start: Values = from
    ? { ...toForm(names, from), qinq_enabled: from.qinq_enabled === null ? '' : String(from.qinq_enabled) }
    : { ...toForm(names, {}), bandwidth_profile_id: begin.plan ?? '', site_id: begin.site ?? '' };
  const save = async (values: Values) => {
    const saved = from
      ? await patchDefaults(from, written(changed(start, values)))
      : await createDefaults(written(filled(values)));
    notifications.show({ message: t('defaults.saved', { scope: scopeName(saved) }) });
    await refresh();
  };
  return (
    <Editor
      key={from?.version}
      title={from ? t('defaults.edit', { scope: scopeName(from) }) : t('defaults.add')}
      start={start}
      creating={!from}
      save={save}
      onClose={onClose}
      onReload={of && (() => setFrom(of))}
    >
      {(form) => <Fields form={form} all={all} of={from} />}
    </Editor>
  );
}

function Fields({ form, all, of }: { form: Form; all: Defaults[]; of?: Defaults }) {
  const inherited = useInherited(all);
  const poolNames = usePoolNames();
  const options = (list: { id: string; name: string }[]) => list.map(({ id, name }) => ({ value: id, label: name }));
  const [plans, sites] = [options(useProfiles()), options(useSites())];
  const scope = scopeOf(form.values);
  // Those that speak of just these lines are these themselves, or in the way of new ones.
  const same = all.find(
    (one) => one.bandwidth_profile_id === scope.bandwidth_profile_id && one.site_id === scope.site_id,
  );
  const own = all.find((one) => one.id === of?.id) ?? same;
  const empty = (fact: Fact) => {
    const { value, source } = inherited(scope, fact, own);
    return t('defaults.inherits', { value: told(fact, value), source });
  };
  const pool = (fact: Fact) => {
    const known = poolNames(fact);
    return known ? (
      <Autocomplete {...bound(form, fact)} data={known} placeholder={empty(fact)} clearable spellCheck={false} />
    ) : (
      <TextInput {...bound(form, fact)} placeholder={empty(fact)} autoComplete="off" spellCheck={false} />
    );
  };
  const pick = (name: Name, data: { value: string; label: string }[], placeholder?: string) => (
    <Select
      {...bound(form, name)}
      data={data}
      value={String(form.values[name]) || null}
      onChange={(next) => form.setFieldValue(name, next ?? '')}
      placeholder={placeholder}
      searchable={data.length > 8}
      clearable
    />
  );
  const words = (prefix: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: lookup(`${prefix}.${value}`) ?? value }));
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('defaults.emptyMeans')} {t('defaults.newOnly')}
      </Text>
      <Group legend={t('defaults.group.whom')}>
        {pick('bandwidth_profile_id', plans, t('defaults.everyPlan'))}
        {pick('site_id', sites, t('defaults.everySite'))}
      </Group>
      {same && same.id !== of?.id && (
        <Text size="sm" c="var(--dm-warn)" role="status">
          {t('defaults.exists')}{' '}
          <TextLink to="/provisioning/defaults" search={{ edit: same.id }} inherit>
            {t('defaults.changeThose')}
          </TextLink>
        </Text>
      )}
      <Group legend={t('defaults.vlan')}>
        {pool('vlan_pool')}
        {pick('qinq_enabled', words('defaults.qinq', ['true', 'false']), empty('qinq_enabled'))}
      </Group>
      <Group legend={t('defaults.ipv4')}>{pool('ipv4_pool')}</Group>
      <Group legend={t('defaults.ipv6')}>
        {pick('ipv6_assignment_mode', words('subscriber.ipv6', ipv6Modes), empty('ipv6_assignment_mode'))}
        {pool('ipv6_pool')}
        {pool('pd_pool')}
        <NumberInput
          {...bound(form, 'ipv6_pd_size')}
          placeholder={empty('ipv6_pd_size')}
          prefix="/"
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          hideControls
          inputMode="numeric"
        />
      </Group>
      <Group legend={t('defaults.option82')}>
        {pick('option82_policy', words('subscriber.option82', option82Policies), empty('option82_policy'))}
      </Group>
    </>
  );
}

const bound = (form: Form, name: Name) => ({
  name,
  label: t(`defaults.${name}`),
  description: lookup(`defaults.${name}.hint`),
  inputWrapperOrder: order,
  ...form.getInputProps(name),
});

function Group({ legend, children }: { legend: string; children: React.ReactNode }) {
  return (
    <Fieldset legend={legend}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        {children}
      </SimpleGrid>
    </Fieldset>
  );
}
