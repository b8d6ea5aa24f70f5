import { Button, Divider, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NetworkProfile, Subscriber } from '../../../api/types';
import { lookup, t } from '../../../messages';
import { Card } from '../../../shared/Card';
import { ConfirmDialog } from '../../../shared/ConfirmDialog';
import { Empty } from '../../../shared/Empty';
import { Facts } from '../../../shared/Facts';
import { useCan } from '../../../shared/me';
import { ProblemAlert } from '../../../shared/ProblemAlert';
import { State } from '../../../shared/State';
import { Time } from '../../../shared/time';
import { isOwnedByRuns } from '../grants';
import { AddressLife } from './AddressLife';
import { HistoryTab } from './HistoryTab';
import { NetworkProfileEditor } from './NetworkProfileEditor';
import { profileQuery, removeProfile, useProfileChanged } from './queries';
import { SentTab } from './SentTab';

/** The line: what is wanted of it, what is sent for it, what was seen of it, and who changed it. */
export function NetworkProfileCard({ subscriber }: { subscriber: Subscriber }) {
  const { id } = subscriber;
  const mayWrite = useCan('isp.radius.write');
  const refresh = useProfileChanged();
  const profile = useQuery(profileQuery(id));
  const [asking, setAsking] = useState<'edit' | 'remove'>();
  const close = () => setAsking(undefined);
  const { data } = profile;
  return (
    <Card
      title={t('line.title')}
      data-testid="network-profile"
      actions={
        mayWrite &&
        data && (
          <Group gap="xs">
            {data.is_stored && !isOwnedByRuns(subscriber) && (
              <Button size="xs" variant="default" onClick={() => setAsking('remove')}>
                {t('line.remove')}
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => setAsking('edit')}>
              {data.is_stored ? t('line.change') : t('line.create')}
            </Button>
          </Group>
        )
      }
    >
      {profile.isError && <ProblemAlert error={profile.error} onRetry={() => profile.refetch()} />}
      {profile.isPending && <Skeleton height={160} />}
      {data && (isEmpty(data) ? <Empty title={t('line.none')}>{t('line.noneHint')}</Empty> : <Shown profile={data} />)}
      {asking === 'edit' && data && <NetworkProfileEditor profile={data} subscriber={subscriber} onClose={close} />}
      {data && (
        <ConfirmDialog
          opened={asking === 'remove'}
          onClose={close}
          title={t('line.removeTitle')}
          confirm={t('line.remove')}
          destructive
          run={async () => {
            await removeProfile(data);
            notifications.show({ message: t('line.removed') });
            await refresh();
          }}
        >
          {t('line.removeText')}
        </ConfirmDialog>
      )}
    </Card>
  );
}

/** Neither a profile nor anything that the subscriber was given without one. */
const isEmpty = (profile: NetworkProfile) =>
  !profile.is_stored &&
  ![
    profile.circuit_id,
    profile.remote_id,
    profile.service_vlan,
    profile.static_ipv4,
    profile.static_ipv6,
    profile.ipv6_prefix,
    profile.delegated_ipv6_prefix,
    profile.ipv6_assignment_mode,
    profile.nas_ipv4_pool,
    profile.nas_ipv6_pool,
    profile.nas_pd_pool,
  ].some(Boolean);

function Shown({ profile }: { profile: NetworkProfile }) {
  return (
    <Tabs defaultValue="wanted" keepMounted={false}>
      <Tabs.List mb="sm" aria-label={t('line.title')}>
        <Tabs.Tab value="wanted">{t('line.tab.wanted')}</Tabs.Tab>
        <Tabs.Tab value="sent">{t('line.tab.sent')}</Tabs.Tab>
        <Tabs.Tab value="history">{t('line.tab.history')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="wanted">
        <Wanted profile={profile} />
      </Tabs.Panel>
      <Tabs.Panel value="sent">
        <SentTab id={profile.subscriber_id} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <HistoryTab id={profile.subscriber_id} />
      </Tabs.Panel>
    </Tabs>
  );
}

const mono = (value: string | number | null | undefined) => value && <span className="mono">{value}</span>;

function Wanted({ profile }: { profile: NetworkProfile }) {
  const hasIds = profile.circuit_id || profile.remote_id;
  return (
    <Stack gap="sm">
      {!profile.is_stored && (
        <Text size="sm" c="dimmed">
          {t('line.derived')}
        </Text>
      )}
      <Facts
        of={[
          [t('line.circuit_id'), mono(profile.circuit_id)],
          [t('line.remote_id'), mono(profile.remote_id)],
          [
            t('line.option82_policy'),
            hasIds && (lookup(`subscriber.option82.${profile.option82_policy}`) ?? profile.option82_policy),
          ],
          [t('line.service_vlan'), mono(profile.service_vlan)],
          [t('line.inner_vlan'), mono(profile.inner_vlan)],
          [t('line.qinq_enabled'), profile.service_vlan && (profile.qinq_enabled ? t('line.is.on') : t('line.is.off'))],
          [t('line.vlan_pool'), profile.vlan_pool],
          [t('line.static_ipv4'), mono(profile.static_ipv4)],
          [t('line.ipv4_netmask'), mono(profile.ipv4_netmask)],
          [`${t('line.life.ipv4')}: ${t('line.ipv4_pool')}`, profile.ipv4_pool],
          [t('line.nas_ipv4_pool'), profile.nas_ipv4_pool],
          [
            `${t('line.life.ipv6')}: ${t('line.ipv6_assignment_mode')}`,
            profile.ipv6_assignment_mode &&
              (lookup(`subscriber.ipv6.${profile.ipv6_assignment_mode}`) ?? profile.ipv6_assignment_mode),
          ],
          [t('line.static_ipv6'), mono(profile.static_ipv6)],
          [t('line.ipv6_prefix'), mono(profile.ipv6_prefix)],
          [`${t('line.life.ipv6')}: ${t('line.ipv6_pool')}`, profile.ipv6_pool],
          [t('line.delegated_ipv6_prefix'), mono(profile.delegated_ipv6_prefix)],
          [t('line.ipv6_pd_size'), mono(`/${profile.ipv6_pd_size}`)],
          [t('line.pd_pool'), profile.pd_pool],
          [t('line.nas_ipv6_pool'), profile.nas_ipv6_pool],
          [t('line.nas_pd_pool'), profile.nas_pd_pool],
        ]}
      />
      <Divider />
      <AddressLife profile={profile} family="ipv4" />
      <AddressLife profile={profile} family="ipv6" />
      {hasIds && (
        <>
          <Divider />
          <Group gap="xs" data-testid="line-seen">
            <Text size="sm">{t('line.seen')}</Text>
            {profile.last_validation_result ? (
              <>
                <State tone={profile.last_validation_result === 'match' ? 'ok' : 'warn'}>
                  {lookup(`line.seen.${profile.last_validation_result}`) ?? profile.last_validation_result}
                </State>
                <Text size="xs" c="dimmed">
                  <Time at={profile.last_validated_at} show="age" />
                </Text>
              </>
            ) : (
              <State tone="idle">{t('line.seen.never')}</State>
            )}
            {profile.option82_mismatch_count > 0 && (
              <Text size="xs">
                {t('line.mismatches')}: {profile.option82_mismatch_count}
              </Text>
            )}
          </Group>
        </>
      )}
    </Stack>
  );
}
