import { Group, SegmentedControl, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { AttributeTable } from '../../shared/AttributeTable';
import { Card } from '../../shared/Card';
import { CopyAction } from '../../shared/CopyAction';
import { Facts } from '../../shared/Facts';
import { count, kbps } from '../../shared/format';
import { ButtonLink, TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Warnings } from '../../shared/Warnings';
import { ProfileQuotaCard } from '../quotas/ProfileQuotaCard';
import { previewQuery, profileQuery } from './queries';

const route = getRouteApi('/app/profiles/$id');
type OfVendor = Reply<'/api/v1/radius/bandwidth-profiles/{id}/preview', 'get'>['vendors'][number];

/** One profile, and what it becomes on the wire for each vendor. */
export function ProfilePage() {
  const { id } = route.useParams();
  const mayWrite = useCan('isp.radius.write');
  const mayManage = useCan('isp.radius.sessions.manage');
  const { data: profile, error, refetch } = useQuery(profileQuery(id));
  const back = (
    <TextLink to="/profiles" size="sm">
      {t('profiles.title')}
    </TextLink>
  );
  if (!profile) {
    return error ? (
      <Page title={t('profiles.title')} lead={back}>
        <ProblemAlert error={error} onRetry={() => refetch()} />
      </Page>
    ) : (
      <Skeleton height={400} />
    );
  }
  const edit = (
    <>
      {mayManage && (
        <ButtonLink to="/coa" search={{ create: true, kind: 'rate', profile: id }} variant="default">
          {t('profile.toSessions')}
        </ButtonLink>
      )}
      {mayWrite && (
        <ButtonLink to="/profiles" search={{ edit: id }}>
          {t('do.edit')}
        </ButtonLink>
      )}
    </>
  );
  return (
    <Page title={profile.name} lead={back} actions={edit}>
      <Card title={t('profile.rates')}>
        <Facts
          of={[
            [t('profiles.col.down'), kbps(profile.download_rate_kbps)],
            [t('profiles.col.up'), kbps(profile.upload_rate_kbps)],
            [t('profile.burstDown'), profile.download_burst_kbps && kbps(profile.download_burst_kbps)],
            [t('profile.burstUp'), profile.upload_burst_kbps && kbps(profile.upload_burst_kbps)],
            [t('profile.burst_threshold_percent'), profile.burst_threshold_percent],
            [t('profile.burst_time_seconds'), profile.burst_time_seconds],
            [t('profile.priority'), profile.priority],
            [t('profile.vendor_profile_name'), profile.vendor_profile_name],
            [
              t('profiles.col.subscribers'),
              <TextLink key="subscribers" to="/subscribers" search={{ profile: id }} size="sm">
                {count(profile.subscriber_count)}
              </TextLink>,
            ],
            [t('profile.allowed_nas_groups'), profile.allowed_nas_groups?.join(', ')],
            [t('profile.description'), profile.description],
          ]}
        />
      </Card>
      <Preview id={id} />
      <ProfileQuotaCard id={id} />
    </Page>
  );
}

function Preview({ id }: { id: string }) {
  const { vendor, packet } = route.useSearch();
  const navigate = route.useNavigate();
  const preview = useQuery(previewQuery(id));
  const shown = vendor ?? preview.data?.vendors[0]?.vendor ?? null;
  return (
    <Card
      title={t('profile.onTheWire')}
      data-testid="preview"
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('profile.packet')}
          value={packet ?? 'accept'}
          onChange={(next) =>
            navigate({ search: (now) => ({ ...now, packet: next === 'coa' ? 'coa' : undefined }), replace: true })
          }
          data={[
            { value: 'accept', label: t('profile.packet.accept') },
            { value: 'coa', label: t('profile.packet.coa') },
          ]}
        />
      }
    >
      {preview.isError && <ProblemAlert error={preview.error} onRetry={() => preview.refetch()} />}
      {preview.isPending && <Skeleton height={200} />}
      {preview.data && (
        <Tabs
          value={shown}
          onChange={(next) =>
            navigate({ search: (now) => ({ ...now, vendor: (next as typeof vendor) ?? undefined }), replace: true })
          }
          keepMounted={false}
        >
          <Tabs.List mb="sm" aria-label={t('nas.field.vendor')}>
            {preview.data.vendors.map((one) => (
              <Tabs.Tab key={one.vendor} value={one.vendor}>
                {lookup(`vendor.${one.vendor}`) ?? one.vendor}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {preview.data.vendors.map((one) => (
            <Tabs.Panel key={one.vendor} value={one.vendor}>
              <Sent of={one} packet={packet ?? 'accept'} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Card>
  );
}

function Sent({ of, packet }: { of: OfVendor; packet: 'accept' | 'coa' }) {
  const attributes = packet === 'coa' ? of.coa_request : of.access_accept;
  const label = t(`profile.packet.${packet}`);
  return (
    <Stack gap="sm">
      {!of.known && (
        <div>
          <State tone="warn">{t('profile.unknownVendor')}</State>
        </div>
      )}
      <Warnings of={of.warnings} />
      {attributes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('profile.nothingSent')}
        </Text>
      ) : (
        <>
          <AttributeTable label={label} attributes={attributes} />
          <Group gap={4}>
            <CopyAction
              value={attributes.map((one) => `${one.name} = ${one.value}`).join('\n')}
              label={t('authTest.copy')}
            />
            <Text size="xs" c="dimmed">
              {t('profile.octetsNote')}
            </Text>
          </Group>
        </>
      )}
    </Stack>
  );
}
