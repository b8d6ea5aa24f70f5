import { Badge } from '@mantine/core';
import { lookup, t } from '../../messages';
import { kbps } from '../../shared/format';
import { State } from '../../shared/State';
import type { Onu } from './queries';

/** Stands wherever a simulated OLT answers. */
export const Simulated = ({ of }: { of: { simulated?: boolean } | undefined }) =>
  of?.simulated ? (
    <Badge
      size="sm"
      variant="outline"
      color="gray"
      tt="none"
      c="var(--dm-idle)"
      title={t('pon.simulatedHint')}
      data-testid="simulated"
    >
      {t('pon.simulated')}
    </Badge>
  ) : null;

export const dbm = (value: number | null | undefined) => (value == null ? '–' : `${value.toFixed(1)} dBm`);

export const vlan = (of: { service_vlan?: number | null; inner_vlan?: number | null }) =>
  of.service_vlan == null ? '–' : of.inner_vlan == null ? `${of.service_vlan}` : `${of.service_vlan}.${of.inner_vlan}`;

export const rates = (of: Pick<Onu, 'down_kbps' | 'up_kbps'>) =>
  of.down_kbps == null || of.up_kbps == null ? '–' : `${kbps(of.down_kbps)} / ${kbps(of.up_kbps)}`;

function toneOf({ admin, oper }: Pick<Onu, 'admin' | 'oper'>) {
  if (oper === 'online') {
    return 'ok';
  }
  if (admin !== 'enabled') {
    return 'idle';
  }
  return oper === 'loss_of_signal' ? 'bad' : 'warn';
}

/** What the books say and what the fibre shows, in one word each. */
export const OnuStanding = ({ of }: { of: Pick<Onu, 'admin' | 'oper'> }) => (
  <State tone={toneOf(of)} testId="onu-state">
    {of.admin === 'enabled'
      ? lookup(`pon.oper.${of.oper}`)
      : of.oper === 'loss_of_signal' || of.oper === 'dying_gasp'
        ? `${lookup(`pon.admin.${of.admin}`)}, ${lookup(`pon.oper.${of.oper}`)?.toLowerCase()}`
        : lookup(`pon.admin.${of.admin}`)}
  </State>
);

/** Below −25 dBm the margin to class B+ is small, below −27 dBm it is gone. */
export const Received = ({ dbm: value }: { dbm: number | null | undefined }) =>
  value == null ? <>–</> : <State tone={value < -27 ? 'bad' : value < -25 ? 'warn' : 'plain'}>{dbm(value)}</State>;
