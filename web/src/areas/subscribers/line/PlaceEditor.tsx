import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { api, take } from '../../../api/client';
import type { NetworkProfile, Subscriber } from '../../../api/types';
import { t } from '../../../messages';
import { Editor } from '../../../shared/form/Editor';
import { changed, type FormValue, toForm } from '../../../shared/form/values';
import { Pick } from '../../provisioning/Field';
import type { OrderForm } from '../../provisioning/fields';
import { useSites } from '../../provisioning/lookups';
import { PlaceFields } from '../../provisioning/PlaceSection';
import { patchSubscriber, type SubscriberPatch, useSubscriberChanged } from '../queries';
import { type ProfilePatch, patchProfile, useProfileChanged } from './queries';

const names = ['service_address', 'service_latitude', 'service_longitude'] as const;
type Values = Record<(typeof names)[number] | 'site_id', FormValue>;
type Props = { subscriber: Subscriber; profile: NetworkProfile | undefined; onClose: () => void };

const profileNow = (key: string) => api.GET('/api/v1/network/subscribers/{key}/profile', { params: { path: { key } } });

/** Where the line ends, written into the books; what stands there is changed by a run. */
export function PlaceEditor({ subscriber, profile, onClose }: Props) {
  const [from, setFrom] = useState({ subscriber, profile });
  const sites = useSites();
  const [refresh, refreshProfile] = [useSubscriberChanged(), useProfileChanged()];
  const stored = from.profile?.is_stored ? from.profile : undefined;
  const start: Values = { ...toForm(names, from.subscriber), site_id: stored?.site_id ?? '' };
  const save = async (values: Values) => {
    const { site_id, ...place } = changed(start, values);
    const movesPlace = Object.keys(place).length > 0;
    try {
      if (movesPlace) {
        await patchSubscriber(from.subscriber, place as SubscriberPatch);
      }
      if (stored !== undefined && site_id !== undefined) {
        // Both are of one row: what was written first has given it a new version, and what is refused first leaves nothing half done.
        const now = movesPlace ? await take(profileNow(subscriber.id)) : stored;
        await patchProfile(now, { site_id } as ProfilePatch);
      }
    } finally {
      await Promise.all([refresh(), refreshProfile()]);
    }
    notifications.show({ message: t('subscriber.saved', { username: subscriber.username }) });
  };
  return (
    <Editor
      key={`${from.subscriber.version}.${from.profile?.version}`}
      title={t('place.editTitle', { username: subscriber.username })}
      start={start}
      creating={false}
      save={save}
      onClose={onClose}
      onReload={() => setFrom({ subscriber, profile })}
    >
      {(form) => (
        <>
          <Text size="sm" c="dimmed">
            {t('place.lead')}
          </Text>
          <PlaceFields form={form as unknown as OrderForm} />
          {stored && (
            <Pick
              form={form as unknown as OrderForm}
              name="site_id"
              data={sites.map((site) => ({ value: site.id, label: site.name }))}
              placeholder={t('order.noSite')}
            />
          )}
        </>
      )}
    </Editor>
  );
}
