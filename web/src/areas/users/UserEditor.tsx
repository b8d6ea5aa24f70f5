import { MultiSelect, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import type { Body, User } from '../../api/types';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, type FormValue } from '../../shared/form/values';
import type { OneTimeSecret } from '../../shared/SecretDialog';
import { createUser, patchUser, useRoleChoices, userQuery, useUsersChanged } from './queries';

type Values = Record<'email' | 'full_name' | 'role_ids' | 'is_active', FormValue>;
type NewUser = Body<'/api/v1/users', 'post'>;
type UserPatch = Body<'/api/v1/users/{id}', 'patch'>;

function Fields({ form, creating }: { form: UseFormReturnType<Values>; creating: boolean }) {
  const roles = useRoleChoices();
  return (
    <>
      <TextInput
        label={t('user.full_name')}
        required
        data-autofocus
        name="full_name"
        {...form.getInputProps('full_name')}
      />
      <TextInput
        label={t('user.email')}
        type="email"
        required={creating}
        disabled={!creating}
        autoComplete="off"
        name="email"
        {...form.getInputProps('email')}
      />
      <MultiSelect
        label={t('user.role_ids')}
        data={roles}
        name="role_ids"
        {...form.getInputProps('role_ids')}
        searchable
      />
      {!creating && (
        <Switch
          label={t('user.is_active')}
          name="is_active"
          {...form.getInputProps('is_active', { type: 'checkbox' })}
        />
      )}
    </>
  );
}

type CreateProps = { onClose: () => void; onSecret: (secret: OneTimeSecret) => void };

/** The server makes the first password; it is shown once, to be handed over. */
export function CreateUser({ onClose, onSecret }: CreateProps) {
  const refresh = useUsersChanged();
  const save = async ({ is_active: _, ...values }: Values) => {
    const made = await createUser(values as NewUser);
    if (made.initial_password) {
      onSecret({ title: t('user.initialPassword', { name: made.full_name }), value: made.initial_password });
    }
    notifications.show({ message: t('user.created', { name: made.full_name }), color: 'teal' });
    await refresh();
  };
  const start: Values = { email: '', full_name: '', role_ids: [], is_active: true };
  return (
    <Editor title={t('users.create')} start={start} creating save={save} onClose={onClose}>
      {(form) => <Fields form={form} creating />}
    </Editor>
  );
}

export function EditUser({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, refetch } = useQuery(userQuery(id));
  return data ? <Loaded key={data.version} user={data} onClose={onClose} onReload={refetch} /> : null;
}

function Loaded({ user, onClose, onReload }: { user: User; onClose: () => void; onReload: () => void }) {
  const refresh = useUsersChanged();
  const start: Values = {
    email: user.email,
    full_name: user.full_name,
    is_active: user.is_active,
    role_ids: user.roles.map((role) => role.id),
  };
  const save = async (values: Values) => {
    const saved = await patchUser(user, changed(start, values) as UserPatch);
    notifications.show({ message: t('user.saved', { name: saved.full_name }) });
    await refresh();
  };
  return (
    <Editor
      title={t('user.editTitle', { name: user.full_name })}
      start={start}
      creating={false}
      save={save}
      onClose={onClose}
      onReload={onReload}
    >
      {(form) => <Fields form={form} creating={false} />}
    </Editor>
  );
}
