import { Group, Modal, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { CopyAction } from '../../shared/CopyAction';
import { Facts } from '../../shared/Facts';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { Holder } from './Holder';
import { addressQuery, release } from './queries';
import { ReleaseAction } from './ReleaseAction';
import { nameOf } from './WhoHas';

/** Who has one piece of a prefix, since when, and giving it back. */
export function CellDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const mayWrite = useCan('isp.ipam.write');
  const { data: of, error, refetch } = useQuery(addressQuery(id));
  const address = of?.address.replace(/\/(32|128)$/, '');
  return (
    <Modal opened onClose={onClose} title={address ?? t('ipam.col.address')}>
      {error && <ProblemAlert error={error} onRetry={() => refetch()} />}
      {!of && !error && <Skeleton height={160} />}
      {of && address && (
        <Stack>
          <Facts
            of={[
              [t('ipam.col.holder'), <Holder key="holder" owner={of.owner_id} label={of.label} />],
              [t('ipam.col.state'), t(`ipam.state.${of.state}`)],
              [t('ipam.pool'), of.pool],
              [t('ipam.vrf'), of.vrf ?? t('ipam.global')],
              [t('ipam.dnsName'), of.dns_name],
              [t('ipam.col.origin'), t(`ipam.origin.${of.origin}`)],
              [t('ipam.col.since'), <Time key="since" at={of.allocated_at} />],
              [t('ipam.col.until'), of.expires_at && <Time key="until" at={of.expires_at} />],
            ]}
          />
          <Group gap="xs" justify="flex-end">
            <CopyAction value={address} label={t('ipam.copyAddress', { address })} />
            {mayWrite && !of.ended_at && (
              <ReleaseAction
                name={of.address}
                text={t('ipam.releaseText', { label: nameOf(of) })}
                release={(force) => release(of, force).then(onClose)}
              />
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
