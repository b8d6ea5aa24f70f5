import { TextInput } from '@mantine/core';
import { api, take } from '../../api/client';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import type { FormValue } from '../../shared/form/values';
import { useMe } from '../../shared/me';
import { PermissionPicker } from '../../shared/PermissionPicker';
import type { OneTimeSecret } from '../../shared/SecretDialog';
import { useZone } from '../../shared/time';
import { startOfDay } from '../../shared/zonedDay';

type Values = Record<'name' | 'permissions' | 'expires_at', FormValue>;
type Props = { onClose: () => void; onSecret: (secret: OneTimeSecret) => void; onCreated: () => Promise<unknown> };

/** A key works until the end of its last day, in the tenant's zone. */
export function CreateKey({ onClose, onSecret, onCreated }: Props) {
  const me = useMe();
  const zone = useZone();
  const start: Values = { name: '', permissions: [], expires_at: '' };
  const save = async ({ name, permissions, expires_at: day }: Values) => {
    const body = {
      name: String(name),
      permissions: permissions as string[],
      expires_at: day ? startOfDay(String(day), zone, 1) : null,
    };
    const made = await take(api.POST('/api/v1/api-keys', { body }));
    onSecret({ title: t('keys.made', { name: made.name }), value: made.key });
    await onCreated();
  };
  return (
    <Editor title={t('keys.create')} start={start} creating save={save} onClose={onClose}>
      {(form) => (
        <>
          <TextInput label={t('keys.field.name')} required data-autofocus name="name" {...form.getInputProps('name')} />
          <TextInput
            type="date"
            label={t('keys.field.expires_at')}
            name="expires_at"
            {...form.getInputProps('expires_at')}
          />
          <PermissionPicker
            label={t('keys.field.permissions')}
            value={form.values.permissions as string[]}
            onChange={(permissions) => form.setFieldValue('permissions', permissions)}
            error={form.errors.permissions}
            offer={(permission) => me.permissions.includes(permission.name)}
          />
        </>
      )}
    </Editor>
  );
}
