import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Subscriber } from '../../api/types';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed } from '../../shared/form/values';
import { InService, ownedByRuns } from './change/InService';
import { type SubscriberValues, valuesOf } from './fields';
import { isOwnedByRuns } from './grants';
import { patchSubscriber, type SubscriberPatch, useSubscriberChanged } from './queries';
import { SubscriberFields } from './SubscriberFields';

type Props = { subscriber: Subscriber; onClose: () => void };

/** Sends only what was changed, and only if nobody else changed the subscriber meanwhile. */
export function EditSubscriber({ subscriber, onClose }: Props) {
  // The page refreshes behind the drawer; the edit keeps what it started from until it is told to load again.
  const [from, setFrom] = useState(subscriber);
  const refresh = useSubscriberChanged();
  const start = valuesOf(from);

  const save = async (values: SubscriberValues) => {
    const patch = changed(start, values);
    const saved = await patchSubscriber(from, patch as SubscriberPatch);
    notifications.show({ message: t('subscriber.saved', { username: saved.username }) });
    await refresh();
  };
  return (
    <Editor
      key={from.version}
      title={t('subscriber.editTitle', { username: from.username })}
      start={start}
      creating={false}
      locked={isOwnedByRuns(from) ? ownedByRuns.subscriber : undefined}
      save={save}
      onClose={onClose}
      onReload={() => setFrom(subscriber)}
    >
      {(form) => (
        <>
          {isOwnedByRuns(from) && <InService subscriber={from} />}
          <SubscriberFields form={form} creating={false} />
        </>
      )}
    </Editor>
  );
}
