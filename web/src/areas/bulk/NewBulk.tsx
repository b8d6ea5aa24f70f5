import {
  Alert,
  Button,
  Fieldset,
  Group,
  List,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../api/problem';
import { t, tn } from '../../messages';
import editor from '../../shared/form/Editor.module.css';
import { FormDrawer } from '../../shared/form/FormDrawer';
import { FormProblem } from '../../shared/form/FormProblem';
import { count } from '../../shared/format';
import { useNasList, useProfiles } from '../../shared/lookups';
import { reasons } from '../subscribers/suspensions';
import { NetworkFields } from './NetworkFields';
import { type NetworkValues, networkOf, nothing } from './network';
import { type Order, previewBulk, startBulk } from './queries';
import { type Kind, kinds } from './search';

const helpBelow = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[];

/** Fields of a refusal that the form has a place for. */
const placed = new Set([
  'kind',
  'parameters.reason',
  'parameters.evidence',
  'parameters.note',
  'parameters.bandwidth_profile_id',
  'parameters.network',
  'delegated_prefix.length',
  'place.site_id',
  'place.service_address',
  'filter',
  'filter.suspension_reason',
  'wave_size',
  'wave_pause_seconds',
  'stop_error_percent',
]);

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
  const [net, setNet] = useState<NetworkValues>(nothing);
  const [q, setQ] = useState('');
  const [standing, setStanding] = useState<string | null>(null);
  const [nas, setNas] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const shown = useRef<HTMLDivElement>(null);
  const nasList = useNasList().map((one) => ({ value: one.id, label: one.shortname }));
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
      network: kind === 'change_network' ? networkOf(net) : null,
    },
    filter: {
      q: q.trim() || null,
      bandwidth_profile_id: plan,
      nas_id: nas,
      suspended: standing === 'suspended' ? true : standing === 'in_service' ? false : null,
      suspension_reason: reasons.find((one) => one === standing) ?? null,
      all: all || null,
    },
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
  // The answer stands below a long form: it is brought into sight.
  useEffect(() => {
    if (found) {
      shown.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [found]);
  const error = start.error ?? preview.error;
  const faults = error ? asProblem(error).faults : [];
  const faultOf = (field: string) => faults.find((fault) => fault.field === field)?.message;
  // What was filled in, as one text: compared with how the form began.
  const filledIn = JSON.stringify([order, wave, pause, stop]);
  const [untouched] = useState(filledIn);
  return (
    <FormDrawer title={t('bulk.create')} dirty={filledIn !== untouched} onClose={onClose}>
      {(leave) => (
        <Stack gap="sm">
          <Fieldset legend={t('coa.what')}>
            <Stack gap="xs">
              <Select
                label={t('bulk.kind')}
                allowDeselect={false}
                value={kind}
                error={faultOf('kind')}
                data={kinds.map((value) => ({ value, label: t(`bulk.kind.${value}`) }))}
                onChange={(next) => edit(setKind)(kinds.find((one) => one === next) ?? 'suspend')}
              />
              {isReason && (
                <Select
                  label={t('suspension.because')}
                  allowDeselect={false}
                  value={reason}
                  error={faultOf('parameters.reason')}
                  data={reasons.map((value) => ({ value, label: t(`suspension.reason.${value}`) }))}
                  onChange={edit(setReason)}
                />
              )}
              {kind === 'suspend' && (
                <TextInput
                  label={t('suspension.evidence')}
                  description={t('suspension.evidenceHint')}
                  value={evidence}
                  error={faultOf('parameters.evidence')}
                  onChange={(event) => edit(setEvidence)(event.currentTarget.value)}
                />
              )}
              {kind === 'change_plan' && (
                <Select
                  label={t('plan.to')}
                  required
                  value={to}
                  error={faultOf('parameters.bandwidth_profile_id')}
                  data={profiles}
                  onChange={edit(setTo)}
                  searchable
                />
              )}
              {kind === 'change_network' && <NetworkFields values={net} onChange={edit(setNet)} faultOf={faultOf} />}
              <TextInput
                label={t('suspension.note')}
                value={note}
                error={faultOf('parameters.note')}
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
              <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
                <Select
                  label={t('bulk.standing')}
                  value={standing}
                  error={faultOf('filter.suspension_reason')}
                  data={[
                    { value: 'in_service', label: t('bulk.standing.in_service') },
                    { value: 'suspended', label: t('bulk.standing.suspended') },
                    ...reasons.map((value) => ({
                      value,
                      label: t('bulk.standing.reason', { reason: t(`suspension.reason.${value}`) }),
                    })),
                  ]}
                  onChange={edit(setStanding)}
                  placeholder={t('list.any')}
                  clearable
                />
                <Select
                  label={t('bulk.nas')}
                  value={nas}
                  data={nasList}
                  onChange={edit(setNas)}
                  placeholder={t('list.any')}
                  clearable
                  searchable
                />
              </SimpleGrid>
              <Switch
                label={t('bulk.all')}
                description={t('bulk.all.hint')}
                checked={all}
                error={faultOf('filter')}
                onChange={(event) => edit(setAll)(event.currentTarget.checked)}
              />
            </Stack>
          </Fieldset>
          <Fieldset legend={t('bulk.how')}>
            <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="xs">
              <NumberInput
                label={t('bulk.wave')}
                description={t('bulk.wave.hint')}
                inputWrapperOrder={helpBelow}
                value={wave}
                error={faultOf('wave_size')}
                min={1}
                max={1000}
                onChange={setWave}
              />
              <NumberInput
                label={t('bulk.pause')}
                description={t('bulk.pause.hint')}
                inputWrapperOrder={helpBelow}
                value={pause}
                error={faultOf('wave_pause_seconds')}
                min={0}
                max={86400}
                suffix=" s"
                onChange={setPause}
              />
              <NumberInput
                label={t('bulk.stop')}
                description={t('bulk.stop.hint')}
                inputWrapperOrder={helpBelow}
                value={stop}
                error={faultOf('stop_error_percent')}
                min={0}
                max={100}
                suffix=" %"
                onChange={setStop}
              />
            </SimpleGrid>
          </Fieldset>
          {error && <FormProblem error={error} unplaced={faults.filter((fault) => !placed.has(fault.field))} />}
          {found && (
            <Stack gap="xs" role="status" data-testid="bulk-preview" ref={shown} style={{ scrollMarginBottom: 96 }}>
              <Text fw={600}>{found.total === 0 ? t('bulk.nobody') : tn('bulk.reaches', found.total)}</Text>
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
              {kind === 'deprovision' && found.total > 0 && (
                <Alert
                  variant="light"
                  styles={{
                    root: { background: 'var(--dm-bad-soft)' },
                    message: { color: 'var(--mantine-color-text)' },
                  }}
                >
                  {t('bulk.noWayBack')}
                </Alert>
              )}
              <List size="xs">
                {found.sample.slice(0, 10).map((one) => (
                  <List.Item key={one.id}>
                    {[one.subscriber_number, one.username, one.full_name].filter(Boolean).join(' · ')}
                  </List.Item>
                ))}
                {found.total > 10 && <List.Item>{t('bulk.more', { count: count(found.total - 10) })}</List.Item>}
              </List>
            </Stack>
          )}
          <Group justify="flex-end" gap="xs" className={editor.foot}>
            <Button variant="default" onClick={leave}>
              {t('do.cancel')}
            </Button>
            {found && found.total > 0 ? (
              <Button
                color="red.8"
                loading={start.isPending}
                onClick={() => start.mutate(found.fingerprint)}
                data-testid="confirm"
              >
                {t('bulk.start', { what: t(`bulk.kind.${kind}`), whom: tn('bulk.whomCount', found.total) })}
              </Button>
            ) : (
              <Button loading={preview.isPending} onClick={() => preview.mutate()}>
                {t('bulk.preview')}
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </FormDrawer>
  );
}
