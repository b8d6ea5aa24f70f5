import { Group, NumberInput, Radio, Select, Switch, Text, TextInput } from '@mantine/core';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { duration } from '../../shared/format';
import { useZone } from '../../shared/time';
import { cronWords } from './cron';
import { emptySchedule, pretty, sentOf, valuesOf } from './fields';
import { ParameterFields } from './ParameterFields';
import { changeSchedule, createSchedule, kindName, type Schedule, useJobsChanged, useKinds } from './queries';

/** Writes a scheduled job: what, with which parameters, and when. */
export function ScheduleEditor({ of, onClose }: { of?: Schedule; onClose: () => void }) {
  const changed = useJobsChanged();
  const kinds = useKinds();
  const zone = useZone();
  return (
    <Editor
      title={of ? of.name : t('jobs.createSchedule')}
      start={of ? valuesOf(of) : emptySchedule}
      creating={!of}
      save={async (values) => {
        await (of ? changeSchedule(of.id, sentOf(values)) : createSchedule(sentOf(values)));
        await changed();
      }}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextInput name="name" label={t('jobs.name')} required {...form.getInputProps('name')} data-autofocus />
          <TextInput name="description" label={t('jobs.description')} {...form.getInputProps('description')} />
          <Select
            name="kind"
            label={t('jobs.kind')}
            required
            data={kinds.map((kind) => ({ value: kind.name, label: kindName(kind.name) }))}
            {...form.getInputProps('kind')}
            value={String(form.values.kind) || null}
            onChange={(name) => {
              const kind = kinds.find((one) => one.name === name);
              form.setFieldValue('kind', name ?? '');
              form.setFieldValue('parameters', kind ? pretty(kind.example) : '');
            }}
          />
          <Text size="xs" c="dimmed">
            {kinds.find((kind) => kind.name === form.values.kind)?.description}
          </Text>
          {form.values.kind !== '' && (
            <ParameterFields
              value={String(form.values.parameters)}
              example={kinds.find((kind) => kind.name === form.values.kind)?.example}
              error={form.errors.parameters as string | undefined}
              onChange={(parameters) => form.setFieldValue('parameters', parameters)}
            />
          )}
          <Radio.Group
            label={t('jobs.when')}
            value={String(form.values.way)}
            onChange={(way) => form.setFieldValue('way', way)}
          >
            <Group mt={4}>
              <Radio value="cron" label={t('jobs.way.cron')} />
              <Radio value="interval" label={t('jobs.way.interval')} />
            </Group>
          </Radio.Group>
          {form.values.way === 'cron' ? (
            <TextInput
              name="cron"
              label={t('jobs.cron')}
              description={[cronWords(String(form.values.cron)), t('jobs.cron.hint', { zone })]
                .filter(Boolean)
                .join('. ')}
              classNames={{ input: 'mono' }}
              {...form.getInputProps('cron')}
            />
          ) : (
            <NumberInput
              name="interval_seconds"
              label={t('jobs.interval')}
              description={
                typeof form.values.interval_seconds === 'number' ? duration(form.values.interval_seconds) : undefined
              }
              hideControls
              clampBehavior="none"
              {...form.getInputProps('interval_seconds')}
            />
          )}
          <Switch label={t('is.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
        </>
      )}
    </Editor>
  );
}
