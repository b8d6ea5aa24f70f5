import { NumberInput, Select, SimpleGrid, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, type FormValue, filled, toForm } from '../../shared/form/values';
import {
  createUpstream,
  type NewUpstream,
  patchUpstream,
  type Upstream,
  type UpstreamPatch,
  upstreamQuery,
  useUpstreamsChanged,
} from './queries';
import { readServer, writeServer } from './servers';

const names = [
  'name',
  'servers',
  'realms',
  'strip_realm',
  'eap',
  'forward_accounting',
  'strategy',
  'priority',
  'response_window_ms',
  'status_server',
  'require_message_authenticator',
  'description',
  'enabled',
] as const;
type Name = (typeof names)[number];
type Values = Record<Name | 'secret', FormValue>;

const empty: Values = {
  ...toForm(names, {
    servers: [],
    realms: [],
    strip_realm: false,
    eap: false,
    forward_accounting: false,
    strategy: 'failover',
    priority: 100,
    response_window_ms: 3000,
    status_server: true,
    require_message_authenticator: true,
    enabled: true,
  }),
  secret: '',
};

const withServers = (body: Record<string, unknown>) =>
  Array.isArray(body.servers) ? { ...body, servers: body.servers.map(readServer) } : body;

export function CreateUpstream({ onClose }: { onClose: () => void }) {
  const refresh = useUpstreamsChanged();
  const save = async (values: Values) => {
    const made = await createUpstream(withServers(filled(values)) as NewUpstream);
    notifications.show({ message: t('upstream.created', { name: made.name }), color: 'teal' });
    await refresh();
  };
  return (
    <Editor title={t('upstreams.create')} start={empty} creating save={save} onClose={onClose}>
      {(form) => <Fields form={form} creating />}
    </Editor>
  );
}

export function EditUpstream({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, refetch } = useQuery({ ...upstreamQuery(id), staleTime: 0, refetchOnWindowFocus: false });
  return data ? <Loaded key={data.version} upstream={data} onClose={onClose} onReload={refetch} /> : null;
}

function Loaded({ upstream, onClose, onReload }: { upstream: Upstream; onClose: () => void; onReload: () => void }) {
  const refresh = useUpstreamsChanged();
  const start: Values = {
    ...toForm(names, { ...upstream, servers: upstream.servers.map(writeServer) }),
    secret: '',
  };
  const save = async (values: Values) => {
    const saved = await patchUpstream(upstream, withServers(changed(start, values)) as UpstreamPatch);
    notifications.show({ message: t('upstream.saved', { name: saved.name }) });
    await refresh();
  };
  return (
    <Editor
      title={t('upstream.editTitle', { name: upstream.name })}
      start={start}
      creating={false}
      save={save}
      onClose={onClose}
      onReload={onReload}
    >
      {(form) => <Fields form={form} creating={false} />}
    </Editor>
  );
}

const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[];

function Fields({ form, creating }: { form: UseFormReturnType<Values>; creating: boolean }) {
  const bind = (name: Name) => ({
    name,
    label: t(`upstream.${name}`),
    inputWrapperOrder: order,
    ...form.getInputProps(name),
  });
  const tags = (name: 'servers' | 'realms') => ({
    ...bind(name),
    value: form.values[name] as string[],
    onChange: (next: string[]) => form.setFieldValue(name, next),
    description: t(`upstream.${name}.hint`),
    acceptValueOnBlur: true,
    splitChars: [',', ';', ' '],
  });
  const flag = (name: Name) => (
    <Switch {...form.getInputProps(name, { type: 'checkbox' })} name={name} label={t(`upstream.${name}`)} />
  );
  return (
    <>
      <TextInput {...bind('name')} required autoComplete="off" data-autofocus />
      <TagsInput {...tags('servers')} required maxTags={8} placeholder="192.0.2.10" />
      <TextInput
        {...form.getInputProps('secret')}
        name="secret"
        label={creating ? t('upstream.secret') : t('nas.field.newSecret')}
        description={creating ? undefined : t('upstream.secret.keep')}
        inputWrapperOrder={order}
        required={creating}
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: 'mono' }}
      />
      <TagsInput {...tags('realms')} placeholder="roaming.example" />
      {flag('eap')}
      {flag('strip_realm')}
      {flag('forward_accounting')}
      {flag('status_server')}
      {flag('require_message_authenticator')}
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <Select
          {...bind('strategy')}
          allowDeselect={false}
          data={(['failover', 'balance'] as const).map((value) => ({ value, label: t(`upstream.strategy.${value}`) }))}
        />
        <NumberInput
          {...bind('priority')}
          description={t('upstream.priority.hint')}
          hideControls
          allowDecimal={false}
          clampBehavior="none"
        />
        <NumberInput
          {...bind('response_window_ms')}
          description={t('upstream.response_window_ms.hint')}
          hideControls
          allowDecimal={false}
          clampBehavior="none"
        />
      </SimpleGrid>
      <Textarea {...bind('description')} autosize minRows={2} />
      {flag('enabled')}
    </>
  );
}
