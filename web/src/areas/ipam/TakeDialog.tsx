import { notifications } from '@mantine/notifications';
import { t } from '../../messages';
import { takeFields } from './fields';
import { allocate, reserve, usePoolNames } from './queries';
import { RecordEditor } from './RecordEditor';

/** Allocate an address now, or keep one for somebody. */
export function TakeDialog({ kept, pool, onClose }: { kept: boolean; pool?: string; onClose: () => void }) {
  const pools = usePoolNames();
  const fields = takeFields(pools, kept).map((field) =>
    field.name === 'pool' && pool ? { ...field, start: pool } : field,
  );
  const save = async ({ days, ...body }: Record<string, unknown>) => {
    const expires = new Date(Date.now() + Number(days ?? 1) * 86_400_000).toISOString();
    const made = await (kept ? reserve({ ...body, expires_at: expires }) : allocate(body));
    notifications.show({
      message: t(kept ? 'ipam.reserved' : 'ipam.allocated', { address: made.address }),
      color: 'teal',
    });
  };
  return (
    <RecordEditor
      title={t(kept ? 'ipam.reserveTitle' : 'ipam.allocateTitle')}
      fields={fields}
      save={save}
      saved={t('ipam.saved')}
      onClose={onClose}
    />
  );
}
