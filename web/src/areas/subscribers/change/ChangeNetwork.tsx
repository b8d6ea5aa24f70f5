import { Alert, Fieldset, Radio, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Problem } from '../../../api/problem';
import type { NetworkProfile, Subscriber } from '../../../api/types';
import { t, tn } from '../../../messages';
import { Editor } from '../../../shared/form/Editor';
import { LaterField } from '../../../shared/form/LaterField';
import { absolute, useZone } from '../../../shared/time';
import { PoolPick } from '../../provisioning/AddressSection';
import { Pick, Whole, Word } from '../../provisioning/Field';
import type { OrderField, OrderForm } from '../../provisioning/fields';
import { type Reservation, usePools, useSites, useVlanPools } from '../../provisioning/lookups';
import { OnuPicker } from '../../provisioning/OnuPicker';
import { PlaceFields } from '../../provisioning/PlaceSection';
import { ReservationPick } from '../../provisioning/ReservationPick';
import type { grantsOf } from '../grants';
import { profileQuery } from '../line/queries';
import { bodyOf, faultsOf, type Kind, type NetworkValues, nameOf, startOf, waysOf } from './fields';
import { changeNetwork } from './queries';

type May = Pick<ReturnType<typeof grantsOf>, 'onu' | 'cpe'>;
type Props = { subscriber: Subscriber; may: May; onClose: () => void };

/** Another VLAN, other addresses, another ONU or router, another place: one run for all that is named. */
export function ChangeNetwork(props: Props) {
  const profile = useQuery(profileQuery(props.subscriber.id));
  return profile.data ? <Form {...props} profile={profile.data} /> : null;
}

function Form({ subscriber, may, profile, onClose }: Props & { profile: NetworkProfile }) {
  const navigate = useNavigate();
  const zone = useZone();
  // The page refreshes behind the drawer; what "stays" means is what was there when it was opened.
  const [line] = useState(profile);
  const [start] = useState(() => startOf(subscriber, profile));
  const save = async (values: NetworkValues) => {
    const faults = faultsOf(start, values, zone);
    if (faults.length > 0) {
      throw new Problem({ status: 400, code: 'validation.failed', title: tn('form.faults', faults.length), faults });
    }
    const body = bodyOf(start, values, zone);
    const made = await changeNetwork(subscriber.id, body);
    const { username } = subscriber;
    notifications.show({
      message: body.at
        ? t('network.ordered', { username, at: absolute(body.at, zone, 'minute') })
        : t('network.started', { username }),
    });
    await navigate({ to: '/provisioning/runs/$id', params: { id: made.run_id } });
  };
  return (
    <Editor
      title={t('network.title', { username: subscriber.username })}
      start={start}
      creating={false}
      submit={t('network.do')}
      nameOf={nameOf}
      save={save}
      onSaved={() => undefined}
      onClose={onClose}
    >
      {(form) => <Fields form={form} line={line} subscriber={subscriber} may={may} />}
    </Editor>
  );
}

type FieldsProps = {
  form: UseFormReturnType<NetworkValues>;
  line: NetworkProfile;
  subscriber: Subscriber;
  may: May;
};

function Fields({ form, line, subscriber, may }: FieldsProps) {
  const [pools, vlanPools, sites] = [usePools(), useVlanPools(), useSites()];
  // The fields that it shares with the order of a line have the same names and words there.
  const shared = form as unknown as OrderForm;
  const mode = line.ipv6_assignment_mode ?? '';
  const hasLink = ['slaac', 'stateful', 'dual_stack'].includes(mode);
  const delegates = ['pd', 'dual_stack'].includes(mode);
  const pick = (name: OrderField, types: string[]) => (
    <PoolPick form={shared} name={name} pools={pools.filter((pool) => types.includes(pool.type))} />
  );
  const reserved = (name: OrderField, kind: Reservation['kind']) => (
    <ReservationPick form={shared} name={name} kind={kind} subscriber={subscriber.id} />
  );
  const tags = [line.service_vlan, line.qinq_enabled && line.inner_vlan].filter(Boolean).join('.');
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('network.lead')}
      </Text>
      <Fieldset legend={t('order.vlan')}>
        <Stack gap="xs">
          <Ways form={form} kind="vlan" now={tags} />
          {form.values.vlan_way === 'next' && (
            <>
              <Pick
                form={shared}
                name="vlan_pool"
                data={vlanPools.map((pool) => pool.name)}
                placeholder={t('order.byDefault')}
                nothing={t('order.noPool')}
              />
              <Switch
                label={t('order.qinq_enabled')}
                description={t('order.qinq_enabled.hint')}
                {...form.getInputProps('qinq_enabled', { type: 'checkbox' })}
              />
            </>
          )}
          {form.values.vlan_way === 'given' && (
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <Whole form={shared} name="service_vlan" placeholder="100" />
              <Whole form={shared} name="inner_vlan" placeholder={t('network.untagged')} />
            </SimpleGrid>
          )}
        </Stack>
      </Fieldset>
      <Fieldset legend={t('order.addresses')}>
        <Stack gap="xs">
          <Ways form={form} kind="ipv4" now={line.static_ipv4} />
          {form.values.ipv4_way === 'next' && pick('ipv4_pool', ['ipv4_public', 'ipv4_private'])}
          {form.values.ipv4_way === 'given' && (
            <Word form={shared} name="static_ipv4" placeholder="203.0.113.20" mono />
          )}
          {form.values.ipv4_way === 'reserved' && reserved('reserved_ipv4', 'ipv4')}
          {hasLink && (
            <>
              <Ways form={form} kind="ipv6" now={line.static_ipv6 ?? line.ipv6_prefix} />
              {form.values.ipv6_way === 'next' && pick('ipv6_pool', ['ipv6_address'])}
              {form.values.ipv6_way === 'given' && (
                <Word form={shared} name="static_ipv6" placeholder="2001:db8:1::5" mono />
              )}
              {form.values.ipv6_way === 'reserved' && reserved('reserved_ipv6', 'ipv6')}
            </>
          )}
          {delegates && (
            <>
              <Ways form={form} kind="pd" now={line.delegated_ipv6_prefix} />
              {form.values.pd_way === 'next' && (
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                  {pick('pd_pool', ['ipv6_pd'])}
                  <Whole form={shared} name="ipv6_pd_size" placeholder={String(line.ipv6_pd_size)} />
                </SimpleGrid>
              )}
              {form.values.pd_way === 'given' && (
                <Word form={shared} name="delegated_ipv6_prefix" placeholder="2001:db8:4500::/56" mono />
              )}
              {form.values.pd_way === 'reserved' && reserved('reserved_prefix', 'delegated_prefix')}
            </>
          )}
        </Stack>
      </Fieldset>
      <Fieldset legend={t('network.devices')}>
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t('network.devices.lead')}
          </Text>
          {may.onu ? (
            <OnuPicker form={shared} placeholder={subscriber.onu_serial ?? 'ALCL12345678'} />
          ) : (
            <Lacking what={t('order.onu_serial')} permission="isp.network.pon.write" />
          )}
          {may.cpe ? (
            <Word
              form={shared}
              name="cpe_mac_address"
              placeholder={subscriber.cpe_mac_address ?? 'aa:bb:cc:dd:ee:ff'}
              mono
            />
          ) : (
            <Lacking what={t('order.cpe_mac_address')} permission="isp.cpe.write" />
          )}
        </Stack>
      </Fieldset>
      <Fieldset legend={t('order.place')}>
        <Stack gap="xs">
          <PlaceFields form={shared} />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
            <Pick
              form={shared}
              name="site_id"
              data={sites.map((site) => ({ value: site.id, label: site.name }))}
              placeholder={t('order.noSite')}
            />
            <Word form={shared} name="circuit_id" placeholder="olt1 eth 0/1/3:101" mono />
            <Word form={shared} name="remote_id" placeholder="0x001122aabbcc" mono />
          </SimpleGrid>
        </Stack>
      </Fieldset>
      <Fieldset legend={t('later.title')}>
        <LaterField name="at" {...form.getInputProps('at')} />
      </Fieldset>
      <Alert variant="default">{t('network.effect')}</Alert>
    </>
  );
}

function Ways({ form, kind, now }: { form: FieldsProps['form']; kind: Kind; now: string | null | undefined }) {
  return (
    <Radio.Group
      label={t(`network.kind.${kind}`)}
      value={String(form.values[`${kind}_way`])}
      onChange={(way) => form.setFieldValue(`${kind}_way`, way)}
    >
      <Stack gap={6} mt={4}>
        {waysOf(kind).map((way) => (
          <Radio
            key={way}
            value={way}
            label={way === 'keep' && now ? t('network.way.keepOf', { now }) : t(`network.way.${way}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

const Lacking = ({ what, permission }: { what: string; permission: string }) => (
  <Text size="sm" c="dimmed">
    {t('network.lacking', { what, permission })}
  </Text>
);
