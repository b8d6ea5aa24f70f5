import { Alert, Button, FileButton, Group, SegmentedControl, Stack, Table, Text, Textarea } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '../../messages';
import { Card } from '../../shared/Card';
import { count } from '../../shared/format';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { type Imported, importFile, useIpamChanged } from './queries';

type What = 'prefixes' | 'ip-addresses';

/** A file is tried first; it is kept whole or not at all. */
export function ImportTab() {
  const [what, setWhat] = useState<What>('prefixes');
  const [text, setText] = useState('');
  const refresh = useIpamChanged();
  const run = useMutation({
    mutationFn: (dryRun: boolean) => importFile(what, text, dryRun),
    onSuccess: (result) => (result.is_kept ? refresh() : undefined),
  });
  const change = (next: string) => {
    setText(next);
    run.reset();
  };
  const tried = run.data?.is_dry_run && run.data.failed === 0;
  return (
    <Card>
      <Stack>
        <SegmentedControl
          aria-label={t('ipam.import.what')}
          value={what}
          onChange={(next) => {
            setWhat(next as What);
            run.reset();
          }}
          data={(['prefixes', 'ip-addresses'] as const).map((value) => ({ value, label: t(`ipam.import.${value}`) }))}
          style={{ alignSelf: 'flex-start' }}
        />
        <Text size="sm" c="dimmed">
          {t(`ipam.import.hint.${what}`)}
        </Text>
        <Group>
          <FileButton onChange={async (file) => file && change(await file.text())} accept=".csv,text/csv,text/plain">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
                {t('ipam.import.choose')}
              </Button>
            )}
          </FileButton>
        </Group>
        <Textarea
          label={t('ipam.import.paste')}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          autosize
          minRows={6}
          maxRows={16}
          classNames={{ input: 'mono' }}
          placeholder={
            what === 'prefixes'
              ? 'prefix,site,description\n100.64.0.0/16,ikeja,Homes'
              : 'address,label,dns_name\n192.0.2.1,core-1,core-1.example.net'
          }
          spellCheck={false}
        />
        <Group>
          <Button
            variant={tried ? 'default' : undefined}
            disabled={text.trim() === ''}
            loading={run.isPending && run.variables}
            onClick={() => run.mutate(true)}
          >
            {t('ipam.import.try')}
          </Button>
          <Button disabled={!tried} loading={run.isPending && !run.variables} onClick={() => run.mutate(false)}>
            {t('ipam.import.keep')}
          </Button>
        </Group>
        {run.isError && <ProblemAlert error={run.error} />}
        {run.data && <Result of={run.data} />}
      </Stack>
    </Card>
  );
}

function Result({ of }: { of: Imported }) {
  const words = of.is_kept ? 'ipam.import.kept' : of.is_dry_run ? 'ipam.import.tried' : 'ipam.import.failed';
  const values = { created: count(of.created), unchanged: count(of.unchanged), failed: count(of.failed) };
  return (
    <Stack gap="xs">
      <Alert variant="light" color={of.failed > 0 ? 'red' : 'teal'} role="status">
        {t(words, values)}
      </Alert>
      <Table.ScrollContainer minWidth={320} mah={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('ipam.import.line')}</Table.Th>
              <Table.Th>{t('ipam.import.value')}</Table.Th>
              <Table.Th>{t('ipam.import.outcome')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.lines.slice(0, 200).map((line) => (
              <Table.Tr key={line.line}>
                <Table.Td className="num">{line.line}</Table.Td>
                <Table.Td className="mono">{line.value}</Table.Td>
                <Table.Td>
                  <State tone={line.outcome === 'failed' ? 'bad' : line.outcome === 'created' ? 'ok' : 'idle'}>
                    {t(`ipam.import.outcome.${line.outcome as 'created' | 'unchanged' | 'failed'}`)}
                  </State>
                  {line.message && (
                    <Text size="xs" c="dimmed">
                      {line.message}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
