import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Profile } from '../../api/types';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, filled, toForm } from '../../shared/form/values';
import { useCan } from '../../shared/me';
import { emptyProfile, type ProfileValues, profileFieldNames } from './fields';
import { OfferRun } from './OfferRun';
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
  const mayManage = useCan('isp.radius.sessions.manage');
  const live = useRef(0);
  const [offered, setOffered] = useState(0);
  const start = toForm(profileFieldNames, profile);
  const save = async (values: ProfileValues) => {
    const saved = await patchProfile(profile, changed(start, values) as ProfilePatch);
    live.current = mayManage ? Number(saved.coa_run?.expected ?? 0) : 0;
    notifications.show({ title: t('profile.saved', { name: saved.name }), message: t('profile.savedHint') });
    if (live.current === 0) {
      await refresh();
    }
  };
  const close = () => {
    refresh();
    onClose();
  };
  if (offered > 0) {
    return <OfferRun profile={profile.id} sessions={offered} onClose={close} />;
  }
  return (
    <Editor
      title={t('profile.editTitle', { name: profile.name })}
      start={start}
      creating={false}
      save={save}
      onClose={onClose}
      onSaved={() => (live.current > 0 ? setOffered(live.current) : onClose())}
      onReload={onReload}
    >
      {(form) => <ProfileFields form={form} />}
    </Editor>
  );
}
