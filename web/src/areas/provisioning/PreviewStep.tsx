import { Badge, Button, Group, List, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { Facts } from '../../shared/Facts';
import { kbps } from '../../shared/format';
import { runWords } from '../../shared/runWords';
import type { Preview } from './queries';

type Props = { preview: Preview; username: string; busy: boolean; onBack: () => void; onProvision: () => void };

/** What the order will take and send, before anything is done. */
export function PreviewStep({ preview, username, busy, onBack, onProvision }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const { plan, vlan, onu } = preview;
  return (
    <div ref={box} tabIndex={-1} style={{ maxWidth: '60rem', outline: 'none' }} data-testid="preview">
      <Card title={t('order.previewTitle')}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t('order.previewLead')}
          </Text>
          <Facts
            of={[
              [t('order.username'), username],
              [t('order.plan'), `${plan.name} (${kbps(plan.down_kbps)} / ${kbps(plan.up_kbps)})`],
              [t('preview.ipv4'), held(preview.ipv4)],
              [t('preview.ipv6'), held(preview.ipv6)],
              [t('preview.delegated'), held(preview.delegated_prefix)],
              [
                t('order.vlan'),
                vlan && (
                  <Held
                    key="vlan"
                    value={[vlan.service_vlan, vlan.inner_vlan].filter(Boolean).join('.')}
                    pool={vlan.pool}
                  />
                ),
              ],
              [
                t('preview.onu'),
                onu && (
                  <Held
                    key="onu"
                    value={onu.serial}
                    pool={onu.olt_name && t('order.onuAt', { olt: onu.olt_name, port: onu.pon_port ?? '?' })}
                  >
                    {onu.simulated && (
                      <Badge size="sm" variant="outline" color="gray" tt="none" c="var(--dm-idle)">
                        {t('run.simulated')}
                      </Badge>
                    )}
                  </Held>
                ),
              ],
              [t('order.option82_policy'), word('option82', preview.network_profile.option82_policy)],
              [t('order.ipv6_assignment_mode'), word('ipv6', preview.network_profile.ipv6_assignment_mode)],
            ]}
          />
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t('preview.steps')}
            </Text>
            <List type="ordered" size="sm" spacing={2} pl="xs">
              {preview.steps.map((step) => (
                <List.Item key={step.name}>
                  {runWords('step', step.name)}{' '}
                  <Text span size="xs" c="dimmed">
                    {runWords('target', step.target)}
                    {!step.required && ` · ${t('preview.optional')}`}
                  </Text>
                </List.Item>
              ))}
            </List>
          </div>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onBack} disabled={busy}>
              {t('order.back')}
            </Button>
            <Button onClick={onProvision} loading={busy} data-testid="provision">
              {t('order.provision')}
            </Button>
          </Group>
        </Stack>
      </Card>
    </div>
  );
}

const word = (kind: 'option82' | 'ipv6', value: unknown) =>
  typeof value === 'string' ? (lookup(`subscriber.${kind}.${value}`) ?? value) : undefined;

const held = (of: Preview['ipv4']) => of && <Held key={of.network} value={of.network} pool={of.pool} />;

function Held({ value, pool, children }: { value: string; pool?: string | null; children?: ReactNode }) {
  return (
    <>
      <span className="mono">{value}</span> {children}
      {pool && (
        <Text size="xs" c="dimmed">
          {pool}
        </Text>
      )}
    </>
  );
}
