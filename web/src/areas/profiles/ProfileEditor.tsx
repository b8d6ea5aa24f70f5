import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import type { Profile } from '../../api/types';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, filled, toForm } from '../../shared/form/values';
import { emptyProfile, type ProfileValues, profileFieldNames } from './fields';
import { ProfileFields } from './ProfileFields';
import {
  createProfile,
  type NewProfile,
  type ProfilePatch,
  patchProfile,
  profileQuery,
  useProfilesChanged,
} from './queries';

export function CreateProfile({ onClose }: { onClose: () => void }) {
  const refresh = useProfilesChanged();
  const save = async (values: ProfileValues) => {
    const made = await createProfile(filled(values) as NewProfile);
    notifications.show({ message: t('profile.created', { name: made.name }), color: 'teal' });
    await refresh();
  };
  return (
    <Editor title={t('profiles.create')} start={emptyProfile} creating save={save} onClose={onClose}>
      {(form) => <ProfileFields form={form} />}
    </Editor>
  );
}

export function EditProfile({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, refetch } = useQuery({ ...profileQuery(id), staleTime: 0, refetchOnWindowFocus: false });
  return data ? <Loaded key={data.version} profile={data} onClose={onClose} onReload={refetch} /> : null;
}

type LoadedProps = { profile: Profile; onClose: () => void; onReload: () => void };

function Loaded({ profile, onClose, onReload }: LoadedProps) {
  const refresh = useProfilesChanged();
  const start = toForm(profileFieldNames, profile);
  const save = async (values: ProfileValues) => {
    const saved = await patchProfile(profile, changed(start, values) as ProfilePatch);
    notifications.show({ title: t('profile.saved', { name: saved.name }), message: t('profile.savedHint') });
    await refresh();
  };
  return (
    <Editor
      title={t('profile.editTitle', { name: profile.name })}
      start={start}
      creating={false}
      save={save}
      onClose={onClose}
      onReload={onReload}
    >
      {(form) => <ProfileFields form={form} />}
    </Editor>
  );
}
