import { Alert, Drawer, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import type { Body, Role } from '../../api/types';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, type FormValue, filled } from '../../shared/form/values';
import { useCan } from '../../shared/me';
import { PermissionPicker } from '../../shared/PermissionPicker';
import { createRole, patchRole, roleQuery, useRolesChanged } from './queries';

type Values = Record<'name' | 'description' | 'permissions', FormValue>;

function Fields({ form }: { form: UseFormReturnType<Values> }) {
  return (
    <>
      <TextInput label={t('role.name')} required data-autofocus name="name" {...form.getInputProps('name')} />
      <TextInput label={t('role.description')} name="description" {...form.getInputProps('description')} />
      <PermissionPicker
        label={t('role.permissions')}
        value={form.values.permissions as string[]}
        onChange={(permissions) => form.setFieldValue('permissions', permissions)}
        error={form.errors.permissions}
      />
    </>
  );
}

export function CreateRole({ onClose }: { onClose: () => void }) {
  const refresh = useRolesChanged();
  const save = async (values: Values) => {
    const made = await createRole(filled(values) as Body<'/api/v1/roles', 'post'>);
    notifications.show({ message: t('role.created', { name: made.name }), color: 'teal' });
    await refresh();
  };
  const start: Values = { name: '', description: '', permissions: [] };
  return (
    <Editor title={t('roles.create')} start={start} creating save={save} onClose={onClose}>
      {(form) => <Fields form={form} />}
    </Editor>
  );
}

/** A built-in role, or one the user may not change, is shown; any other is edited. */
export function EditRole({ id, onClose }: { id: string; onClose: () => void }) {
  const mayWrite = useCan('roles.write');
  const { data, refetch } = useQuery(roleQuery(id));
  if (!data) {
    return null;
  }
  return mayWrite && !data.is_system ? (
    <Loaded key={data.version} role={data} onClose={onClose} onReload={refetch} />
  ) : (
    <Drawer opened onClose={onClose} title={t('role.editTitle', { name: data.name })} position="right" size="lg">
      <Stack gap="sm">
        {data.is_system && <Alert color="gray">{t('role.systemNote')}</Alert>}
        <Text size="sm">{data.description}</Text>
        <PermissionPicker
          label={t('role.permissions')}
          value={data.permissions}
          onChange={() => undefined}
          readOnly
          offer={(permission) => data.permissions.includes(permission.name)}
        />
      </Stack>
    </Drawer>
  );
}

function Loaded({ role, onClose, onReload }: { role: Role; onClose: () => void; onReload: () => void }) {
  const refresh = useRolesChanged();
  const start: Values = { name: role.name, description: role.description ?? '', permissions: role.permissions };
  const save = async (values: Values) => {
    const saved = await patchRole(role, changed(start, values) as Body<'/api/v1/roles/{id}', 'patch'>);
    notifications.show({ message: t('role.saved', { name: saved.name }) });
    await refresh();
  };
  return (
    <Editor
      title={t('role.editTitle', { name: role.name })}
      start={start}
      creating={false}
      save={save}
      onClose={onClose}
      onReload={onReload}
    >
      {(form) => <Fields form={form} />}
    </Editor>
  );
}
