import { Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { api, take } from '../../api/client';
import type { Body } from '../../api/types';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { type FormValue, filled } from '../../shared/form/values';
import type { OneTimeSecret } from '../../shared/SecretDialog';
import { zones } from '../../shared/zones';

type Values = Record<'slug' | 'name' | 'admin_email' | 'time_zone' | 'currency', FormValue>;
type Props = { onClose: () => void; onSecret: (secret: OneTimeSecret) => void; onCreated: () => Promise<unknown> };

const start: Values = { slug: '', name: '', admin_email: '', time_zone: 'UTC', currency: '' };

/** One call makes the tenant, its roles and its administrator. */
export function CreateTenant({ onClose, onSecret, onCreated }: Props) {
  const save = async (values: Values) => {
    const body = filled(values) as Body<'/api/v1/platform/tenants', 'post'>;
    const made = await take(api.POST('/api/v1/platform/tenants', { body }));
    notifications.show({ message: t('tenant.created', { name: made.name }), color: 'teal' });
    if (made.admin_initial_password) {
      onSecret({ title: t('tenant.adminPassword', { email: made.admin_email }), value: made.admin_initial_password });
    }
    await onCreated();
  };
  return (
    <Editor title={t('tenants.create')} start={start} creating save={save} onClose={onClose}>
      {(form) => {
        const bind = (name: keyof Values) => ({ name, label: t(`tenant.${name}`), ...form.getInputProps(name) });
        return (
          <>
            <TextInput {...bind('name')} required data-autofocus />
            <TextInput
              {...bind('slug')}
              required
              description={t('tenant.slug.hint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
            <TextInput {...bind('admin_email')} type="email" required autoComplete="off" />
            <Select {...bind('time_zone')} data={zones} searchable allowDeselect={false} />
            <TextInput {...bind('currency')} maxLength={3} />
          </>
        );
      }}
    </Editor>
  );
}
