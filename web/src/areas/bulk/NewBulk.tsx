import {
  Button,
  Drawer,
  Fieldset,
  Group,
  List,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { t, tn } from '../../messages';
import { count } from '../../shared/format';
import { useProfiles } from '../../shared/lookups';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { reasons } from '../subscribers/suspensions';
import { type Order, previewBulk, startBulk } from './queries';
import { type Kind, kinds } from './search';

type Props = { onClose: () => void; onStarted: (job: string) => void };

/** What, to whom, how; then who and how many that is; then once "do it", for just those. */
export function NewBulk({ onClose, onStarted }: Props) {
  const queries = useQueryClient();
  const profiles = useProfiles().map((one) => ({ value: one.id, label: one.name }));
  const [kind, setKind] = useState<Kind>('suspend');
  const [reason, setReason] = useState<string | null>('administrative');
  const [evidence, setEvidence] = useState('');
  const [note, setNote] = useState('');
  const [to, setTo] = useState<string | null>(null);
  const [plan, setPlan] = useState<string | null>(null);
  const [q, setQ] = useState('');
  const [all, setAll] = useState(false);
  const [wave, setWave] = useState<number | string>(50);
  const [pause, setPause] = useState<number | string>(0);
  const [stop, setStop] = useState<number | string>(10);
  const isReason = kind === 'suspend' || kind === 'resume';
  const order: Order = {
    kind,
    parameters: {
      reason: isReason ? reason : null,
      evidence: evidence.trim() || null,
      note: note.trim() || null,
      bandwidth_profile_id: kind === 'change_plan' ? to : null,
    },
    filter: { q: q.trim() || null, bandwidth_profile_id: plan, all: all || null },
  };
  const preview = useMutation({ mutationFn: () => previewBulk(order) });
  const start = useMutation({
    mutationFn: (fingerprint: string) =>
      startBulk({
        ...order,
        fingerprint,
        wave_size: Number(wave),
        wave_pause_seconds: Number(pause),
        stop_error_percent: Number(stop),
      }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['bulk'] });
      onStarted(made.id);
    },
  });
  // A preview is of what was asked; after a change it is no longer.
  const edit =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      preview.reset();
      start.reset();
    };
  const found = preview.data;
  const error = start.error ?? preview.error;
  return (
    <Drawer opened onClose={onClose} title={t('bulk.create')} position="right" size="lg">
      <Stack gap="sm">
        <Fieldset legend={t('coa.what')}>
          <Stack gap="xs">
            <Select
              label={t('bulk.kind')}
              allowDeselect={false}
              value={kind}
              data={kinds.map((value) => ({ value, label: t(`bulk.kind.${value}`) }))}
              onChange={(next) => edit(setKind)(kinds.find((one) => one === next) ?? 'suspend')}
            />
            {isReason && (
              <Select
                label={t('suspension.because')}
                allowDeselect={false}
                value={reason}
                data={reasons.map((value) => ({ value, label: t(`suspension.reason.${value}`) }))}
                onChange={edit(setReason)}
              />
            )}
            {kind === 'suspend' && (
              <TextInput
                label={t('suspension.evidence')}
                description={t('suspension.evidenceHint')}
                value={evidence}
                onChange={(event) => edit(setEvidence)(event.currentTarget.value)}
              />
            )}
            {kind === 'change_plan' && (
              <Select label={t('plan.to')} value={to} data={profiles} onChange={edit(setTo)} searchable />
            )}
            <TextInput
              label={t('suspension.note')}
              value={note}
              onChange={(event) => edit(setNote)(event.currentTarget.value)}
            />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('bulk.whom')}>
          <Stack gap="xs">
            <Select
              label={t('bulk.plan')}
              value={plan}
              data={profiles}
              onChange={edit(setPlan)}
              placeholder={t('list.any')}
              clearable
              searchable
            />
            <TextInput label={t('bulk.q')} value={q} onChange={(event) => edit(setQ)(event.currentTarget.value)} />
            <Switch
              label={t('bulk.all')}
              checked={all}
              onChange={(event) => edit(setAll)(event.currentTarget.checked)}
            />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('bulk.how')}>
          <Group gap="xs" grow>
            <NumberInput label={t('bulk.wave')} value={wave} min={1} max={1000} onChange={setWave} />
            <NumberInput label={t('bulk.pause')} value={pause} min={0} max={86400} onChange={setPause} />
            <NumberInput label={t('bulk.stop')} value={stop} min={0} max={100} onChange={setStop} />
          </Group>
        </Fieldset>
        {error && <ProblemAlert error={error} />}
        {found && (
          <Stack gap="xs" role="status" data-testid="bulk-preview">
            <Text fw={600}>{tn('bulk.reaches', found.total)}</Text>
            <Text size="sm">
              {t('bulk.facts', {
                online: count(found.online),
                charged: count(found.charged),
                suspended: count(found.suspended),
                busy: count(found.busy),
              })}
            </Text>
            {found.monthly_amount === null && (
              <Text size="xs" c="dimmed">
                {t('bulk.noMoney')}
              </Text>
            )}
            <List size="xs">
              {found.sample.slice(0, 10).map((one) => (
                <List.Item key={one.id}>
                  {[one.subscriber_number, one.username, one.full_name].filter(Boolean).join(' · ')}
                </List.Item>
              ))}
            </List>
          </Stack>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('do.cancel')}
          </Button>
          {found && found.total > 0 ? (
            <Button
              color="red.8"
              loading={start.isPending}
              onClick={() => start.mutate(found.fingerprint)}
              data-testid="confirm"
            >
              {tn('bulk.start', found.total)}
            </Button>
          ) : (
            <Button loading={preview.isPending} onClick={() => preview.mutate()}>
              {t('bulk.preview')}
            </Button>
          )}
        </Group>
      </Stack>
    </Drawer>
  );
}
