import { Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Nas } from '../../api/types';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { CopyAction } from '../../shared/CopyAction';
import { Facts } from '../../shared/Facts';
import { routerOsCommands } from './routeros';

/** The commands (or the facts, for other vendors) that make this NAS ask this server. */
export function HowTo({ nas }: { nas: Nas }) {
  const [server, setServer] = useState(window.location.hostname);
  const mikrotik = nas.vendor === 'mikrotik';
  const commands = routerOsCommands(server, nas.coa_port ?? 3799);
  return (
    <Card title={mikrotik ? t('nas.howto') : t('nas.howtoOther')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {mikrotik ? t('nas.howtoLead') : t('nas.howtoOtherLead')}
        </Text>
        <TextInput
          label={t('nas.howto.address')}
          value={server}
          onChange={(event) => setServer(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
          maw={320}
        />
        {mikrotik ? (
          <Group align="flex-start" wrap="nowrap" gap="xs">
            <Code block style={{ flex: 1, whiteSpace: 'pre-wrap' }} tabIndex={0} data-testid="routeros">
              {commands}
            </Code>
            <CopyAction value={commands} />
          </Group>
        ) : (
          <Facts
            of={[
              [
                t('nas.howto.server'),
                <span key="server" className="mono">
                  {server}
                </span>,
              ],
              [t('nas.howto.auth'), '1812/udp'],
              [t('nas.howto.acct'), '1813/udp'],
              [t('nas.howto.coa'), `${nas.coa_port}/udp`],
            ]}
          />
        )}
        <div>
          <Text size="sm" fw={600}>
            {t('nas.howto.check')}
          </Text>
          <Text size="sm" c="dimmed">
            {t('nas.howto.checkText')}
          </Text>
        </div>
      </Stack>
    </Card>
  );
}
