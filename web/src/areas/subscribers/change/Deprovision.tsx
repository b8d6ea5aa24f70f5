import { List, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { Subscriber } from '../../../api/types';
import { t } from '../../../messages';
import { ConfirmDialog } from '../../../shared/ConfirmDialog';
import { profileQuery } from '../line/queries';
import { deprovision } from './queries';

/** Ends the service: says what goes back, and asks for the username, for there is no way back. */
export function Deprovision({ subscriber, onClose }: { subscriber: Subscriber; onClose: () => void }) {
  const { username } = subscriber;
  const navigate = useNavigate();
  const profile = useQuery(profileQuery(subscriber.id)).data;
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const begun = useRef<string>(undefined);
  const run = async () => {
    const made = await deprovision(subscriber.id, reason.trim() || null);
    notifications.show({ message: t('deprovision.started', { username }) });
    begun.current = made.run_id;
  };
  const close = () =>
    begun.current ? void navigate({ to: '/provisioning/runs/$id', params: { id: begun.current } }) : onClose();
  const addresses = [profile?.static_ipv4, profile?.static_ipv6, profile?.ipv6_prefix, profile?.delegated_ipv6_prefix]
    .filter(Boolean)
    .join(', ');
  const tags = [profile?.service_vlan, profile?.inner_vlan].filter(Boolean).join('.');
  const lines = [
    t('deprovision.login'),
    addresses && t('deprovision.addresses', { addresses }),
    tags && t('deprovision.vlan', { tags }),
    subscriber.onu_serial && t('deprovision.onu', { serial: subscriber.onu_serial }),
    subscriber.cpe_mac_address && t('deprovision.cpe', { mac: subscriber.cpe_mac_address }),
    t('deprovision.billing'),
    t('deprovision.kept'),
  ].filter((line): line is string => Boolean(line));
  return (
    <ConfirmDialog
      opened
      onClose={close}
      title={t('deprovision.title', { username })}
      confirm={t('deprovision.confirm')}
      destructive
      disabled={typed.trim().toLowerCase() !== username.toLowerCase()}
      run={run}
    >
      <Stack gap="sm">
        {t('deprovision.lead')}
        <List size="sm" data-testid="given-back">
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
        <Textarea
          label={t('run.reason')}
          description={t('deprovision.reasonHint')}
          autosize
          minRows={1}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label={t('deprovision.type')}
          description={
            <Text span size="xs" className="mono">
              {username}
            </Text>
          }
          value={typed}
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
