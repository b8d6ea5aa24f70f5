import { notifications } from '@mantine/notifications';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { filled } from '../../shared/form/values';
import { emptyValues, type SubscriberValues } from './fields';
import { createSubscriber, type NewSubscriber, useSubscriberChanged } from './queries';
import { SubscriberFields } from './SubscriberFields';

export function CreateSubscriber({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const changed = useSubscriberChanged();
  const save = async (values: SubscriberValues) => {
    const made = await createSubscriber(filled(values) as NewSubscriber);
    notifications.show({
      title: t('subscriber.created', { username: made.username }),
      message: t('subscriber.createdHint'),
      color: 'teal',
    });
    await changed();
  };
  if (!opened) {
    return null;
  }
  return (
    <Editor title={t('subscriber.createTitle')} start={emptyValues} creating save={save} onClose={onClose}>
      {(form) => <SubscriberFields form={form} creating />}
    </Editor>
  );
}
