import { NumberInput, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import type { FormValue } from '../../shared/form/values';
import { useProfiles } from '../../shared/lookups';
import { type QuotaFields, useQuotaChanged } from './queries';

type Cap = {
  quota_bytes: number | null;
  direction: string;
  reset_day: number;
  action: string;
  throttle_profile_id?: string | null;
};
type Values = Record<'quota_bytes' | 'direction' | 'reset_day' | 'action' | 'throttle_profile_id', FormValue>;
type Props = { cap: Cap | null; own: boolean; save: (body: QuotaFields) => Promise<unknown>; onClose: () => void };

const gigabyte = 1e9;
const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[];

/** A cap: how much counts of what, from which day, and what happens when it is used up. */
export function QuotaEditor({ cap, own, save, onClose }: Props) {
  const refresh = useQuotaChanged();
  const profiles = useProfiles();
  const start: Values = {
    quota_bytes: cap?.quota_bytes ? cap.quota_bytes / gigabyte : '',
    direction: cap?.direction ?? 'both',
    reset_day: cap?.reset_day ?? 1,
    action: cap?.action ?? 'notify',
    throttle_profile_id: cap?.throttle_profile_id ?? '',
  };
  const write = async (values: Values) => {
    await save({
      quota_bytes: values.quota_bytes === '' ? null : Math.round(Number(values.quota_bytes) * gigabyte),
      direction: String(values.direction),
      reset_day: Number(values.reset_day),
      action: String(values.action),
      throttle_profile_id: values.action === 'throttle' ? String(values.throttle_profile_id) || null : null,
    });
    await refresh();
    notifications.show({ message: t('quota.saved') });
  };
  return (
    <Editor title={t('quota.title')} start={start} creating={false} save={write} onClose={onClose}>
      {(form) => (
        <>
          <NumberInput
            {...form.getInputProps('quota_bytes')}
            name="quota_bytes"
            label={t('quota.gigabytes')}
            description={own ? t('quota.gigabytes.own') : t('quota.gigabytes.hint')}
            inputWrapperOrder={order}
            required={!own}
            hideControls
            min={0}
            clampBehavior="none"
            thousandSeparator=","
            data-autofocus
          />
          <Select
            {...form.getInputProps('direction')}
            name="direction"
            label={t('quota.direction')}
            allowDeselect={false}
            data={(['both', 'down', 'up'] as const).map((value) => ({ value, label: t(`quota.direction.${value}`) }))}
          />
          <NumberInput
            {...form.getInputProps('reset_day')}
            name="reset_day"
            label={t('quota.reset_day')}
            description={t('quota.reset_day.hint')}
            inputWrapperOrder={order}
            hideControls
            allowDecimal={false}
            clampBehavior="none"
          />
          <Select
            {...form.getInputProps('action')}
            name="action"
            label={t('quota.action')}
            allowDeselect={false}
            data={(['notify', 'throttle', 'block'] as const).map((value) => ({
              value,
              label: t(`quota.action.${value}`),
            }))}
          />
          {form.values.action === 'throttle' && (
            <Select
              {...form.getInputProps('throttle_profile_id')}
              name="throttle_profile_id"
              label={t('quota.throttle_profile_id')}
              value={String(form.values.throttle_profile_id) || null}
              onChange={(id) => form.setFieldValue('throttle_profile_id', id ?? '')}
              required
              searchable
              data={profiles.map((profile) => ({ value: profile.id, label: profile.name }))}
            />
          )}
        </>
      )}
    </Editor>
  );
}
