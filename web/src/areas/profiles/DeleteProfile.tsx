import { notifications } from '@mantine/notifications';
import type { Profile } from '../../api/types';
import { t } from '../../messages';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { deleteProfile, useProfilesChanged } from './queries';

export function DeleteProfile({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const changed = useProfilesChanged();
  const { name } = profile;
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('profile.deleteTitle', { name })}
      confirm={t('do.delete')}
      destructive
      run={async () => {
        await deleteProfile(profile);
        notifications.show({ message: t('profile.deleted', { name }) });
        await changed();
      }}
    >
      {profile.subscriber_count > 0 && t('profile.deleteText', { count: profile.subscriber_count })}
    </ConfirmDialog>
  );
}
