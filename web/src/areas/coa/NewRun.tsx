import { Button, Drawer, Fieldset, Group, List, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { t, tn } from '../../messages';
import { AttributeTable } from '../../shared/AttributeTable';
import { count } from '../../shared/format';
import { useNasList, useProfiles } from '../../shared/lookups';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Warnings } from '../../shared/Warnings';
import { OrderFields } from './OrderFields';
import { type Order, previewRun, type RunOrder, startRun } from './queries';
import { type CoaSearch, type Kind, kinds } from './search';

type Props = { start: CoaSearch; onClose: () => void; onStarted: (run: string) => void };

/** What, to whom; then who and how many that is and what each NAS would be sent; then once "start". */
export function NewRun({ start, onClose, onStarted }: Props) {
  const queries = useQueryClient();
  const nasList = useNasList();
  const profiles = useProfiles();
  const [kind, setKind] = useState<Kind>(start.kind ?? 'rate');
  const [change, setChange] = useState<Order>({});
  const [nas, setNas] = useState<string | null>(start.nas ?? null);
  const [profile, setProfile] = useState<string | null>(start.profile ?? null);
  const [username, setUsername] = useState('');
  const [all, setAll] = useState(false);
  const order: RunOrder = {
    kind,
    change: kind === 'disconnect' ? null : change,
    filter: { nas_id: nas, bandwidth_profile_id: profile, username: username.trim() || null, all: all || null },
  };
  const preview = useMutation({ mutationFn: () => previewRun(order) });
  const run = useMutation({
    mutationFn: (expected: number) => startRun({ ...order, expected }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['coa'] });
      onStarted(made.id);
    },
  });
  const error = run.error ?? preview.error;
  const faults = Object.fromEntries(
    (error ? asProblem(error).faults : []).map((fault) => [fault.field.split('.').at(-1) ?? '', fault.message]),
  );
  // A preview is of what was asked; after a change it is no longer.
  const edit =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      preview.reset();
      run.reset();
    };
  const found = preview.data;
  return (
    <Drawer opened onClose={onClose} title={t('coa.create')} position="right" size="lg">
      <Stack gap="sm">
        <Fieldset legend={t('coa.what')}>
          <Stack gap="xs">
            <Select
              label={t('coa.kind')}
              allowDeselect={false}
              value={kind}
              data={kinds.map((value) => ({ value, label: t(`coa.kind.${value}`) }))}
              onChange={(next) => {
                edit(setKind)(kinds.find((one) => one === next) ?? 'rate');
                setChange({});
              }}
            />
            <OrderFields kind={kind} order={change} faults={faults} onChange={edit(setChange)} />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('coa.whom')}>
          <Stack gap="xs">
            <Select
              label={t('session.nas')}
              value={nas}
              onChange={edit(setNas)}
              data={nasList.map((one) => ({ value: one.id, label: one.shortname }))}
              placeholder={t('list.any')}
              clearable
              searchable
            />
            <Select
              label={t('subscriber.bandwidth_profile_id')}
              value={profile}
              onChange={edit(setProfile)}
              data={profiles.map((one) => ({ value: one.id, label: one.name }))}
              placeholder={t('list.any')}
              clearable
              searchable
            />
            <TextInput
              label={t('coa.username')}
              value={username}
              onChange={(event) => edit(setUsername)(event.currentTarget.value)}
            />
            <Switch
              label={t('coa.all')}
              checked={all}
              onChange={(event) => edit(setAll)(event.currentTarget.checked)}
            />
          </Stack>
        </Fieldset>
        {error && <ProblemAlert error={error} />}
        {found && (
          <Stack gap="xs" role="status" data-testid="coa-preview">
            <Text fw={600}>{tn('coa.reaches', found.total)}</Text>
            {found.nas.map((one) => (
              <div key={one.id ?? 'none'}>
                <Text size="sm">
                  {one.shortname ?? t('disconnect.noNas')}: {count(one.sessions)}
                </Text>
                <Warnings of={one.warnings} />
                {one.sent.length > 0 && <AttributeTable label={t('coa.sent')} attributes={one.sent} />}
              </div>
            ))}
            {found.sample.length > 0 && (
              <>
                <Text size="xs" c="dimmed">
                  {t('coa.sample')}
                </Text>
                <List size="xs">
                  {found.sample.slice(0, 10).map((one) => (
                    <List.Item key={one.id}>{one.username ?? one.acct_session_id}</List.Item>
                  ))}
                </List>
              </>
            )}
          </Stack>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          {found && found.total > 0 ? (
            <Button color="red.8" loading={run.isPending} onClick={() => run.mutate(found.total)} data-testid="confirm">
              {tn('coa.start', found.total)}
            </Button>
          ) : (
            <Button loading={preview.isPending} onClick={() => preview.mutate()}>
              {t('coa.preview')}
            </Button>
          )}
        </Group>
      </Stack>
    </Drawer>
  );
}
