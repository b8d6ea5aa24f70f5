import { Alert, Group, Text } from '@mantine/core';
import { t } from '../../messages';
import { CopyAction } from '../../shared/CopyAction';
import { takeFields, takeInFields } from './fields';
import { type Address, allocate, allocateIn, type Prefix, reserve, usePoolOptions } from './queries';
import { RecordEditor } from './RecordEditor';

type Props = {
  kept?: boolean;
  /** The pool's id that is chosen to begin with. */
  pool?: string;
  /** Only of this prefix. */
  prefix?: Prefix;
  address?: string;
  onTaken: (taken: Address) => void;
  onClose: () => void;
};

/** Allocate an address now, or keep one for somebody. */
export function TakeDialog({ kept = false, pool, prefix, address, onTaken, onClose }: Props) {
  const pools = usePoolOptions();
  const start: Record<string, string | undefined> = {
    address,
    pool: pools.find((one) => one.value === pool)?.label,
  };
  const asked = prefix
    ? takeInFields(prefix.prefix)
    : takeFields(
        pools.map(({ label }) => ({ value: label, label })),
        kept,
      );
  const fields = asked.map((field) => (start[field.name] ? { ...field, start: start[field.name] } : field));
  const save = async ({ days, ...body }: Record<string, unknown>) => {
    const expires = new Date(Date.now() + Number(days ?? 1) * 86_400_000).toISOString();
    onTaken(
      await (kept ? reserve({ ...body, expires_at: expires }) : prefix ? allocateIn(prefix, body) : allocate(body)),
    );
  };
  return (
    <RecordEditor
      key={start.pool}
      title={
        prefix ? t('ipam.allocateIn', { prefix: prefix.prefix }) : t(kept ? 'ipam.reserveTitle' : 'ipam.allocateTitle')
      }
      fields={fields}
      save={save}
      onClose={onClose}
    />
  );
}

/** What somebody just got: it stays on screen until it is copied and put away. */
export function Taken({ of, onClose }: { of: Address; onClose: () => void }) {
  const address = of.address.replace(/\/(32|128)$/, '');
  const kept = of.origin === 'reservation';
  return (
    <Alert
      variant="default"
      role="status"
      data-testid="taken"
      withCloseButton
      closeButtonLabel={t('do.close')}
      onClose={onClose}
      title={
        <Group gap={6}>
          <span>{t(kept ? 'ipam.reserved' : 'ipam.allocated', { address })}</span>
          <CopyAction value={address} label={t('ipam.copyAddress', { address })} />
        </Group>
      }
    >
      {of.label && <Text size="sm">{t('ipam.allocatedFor', { label: of.label })}</Text>}
    </Alert>
  );
}
