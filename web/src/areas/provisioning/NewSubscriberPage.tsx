import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { asProblem, type Fault } from '../../api/problem';
import { t } from '../../messages';
import { FormProblem } from '../../shared/form/FormProblem';
import { TextLink } from '../../shared/links';
import { useMe } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { randomSecret } from '../../shared/random';
import { absolute, useZone } from '../../shared/time';
import { AccountSection } from './AccountSection';
import { AddressSection } from './AddressSection';
import { valuesOf } from './again';
import { keepCredentials } from './credentials';
import { draftStore } from './draft';
import { emptyOrder, type OrderForm, type OrderValues, secrets } from './fields';
import { LineSection } from './LineSection';
import editor from './NewSubscriber.module.css';
import { missing, orderFaults } from './order';
import { PlaceSection } from './PlaceSection';
import { PlanSection } from './PlanSection';
import { PreviewStep } from './PreviewStep';
import { placeOrder, previewOrder, runQuery } from './queries';
import { VlanSection } from './VlanSection';

const route = getRouteApi('/app/provisioning/new');

/** One form for the whole line, a preview of what it takes, and then the run that does it. */
export function NewSubscriberPage() {
  const { from } = route.useSearch();
  return from ? <Corrected key={from} of={from} /> : <OrderPage key="new" />;
}

/** An order that failed, to be corrected: what was typed for it comes from its run. */
function Corrected({ of }: { of: string }) {
  const run = useQuery({ ...runQuery(of), refetchInterval: false });
  if (run.data) {
    return <OrderPage ordered={valuesOf(run.data)} />;
  }
  return (
    <Page title={t('order.title')} lead={t('order.lead')}>
      {run.isError ? <ProblemAlert error={run.error} onRetry={() => run.refetch()} /> : <Skeleton height={480} />}
    </Page>
  );
}

function OrderPage({ ordered }: { ordered?: OrderValues }) {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // The correction of an order is a draft of its own: a reload keeps what was changed in it.
  const [store] = useState(() =>
    draftStore(`dotmac-order-${me.tenant.slug}-${me.email}${search.from ?? ''}`, emptyOrder, secrets),
  );
  const [draft, setDraft] = useState(() => store.read());
  const [key, setKey] = useState(() => draft?.key ?? store.newKey());
  const accepted = useRef(false);
  const [unplaced, setUnplaced] = useState<Fault[]>([]);
  const form: OrderForm = useForm<OrderValues>({
    mode: 'controlled',
    validate: missing,
    // What the link that led here names counts more than a draft.
    initialValues: {
      ...(draft?.values ?? ordered ?? emptyOrder),
      ...(search.plan && { bandwidth_profile_id: search.plan }),
      ...(search.onu && { onu_serial: search.onu }),
      ...(search.site && { site_id: search.site }),
    },
  });
  // Once the order is accepted its draft is used up: a timer that still runs must not bring it back.
  useKept(form, (values) => !accepted.current && store.write(key, values));

  const refused = (error: unknown) => setUnplaced(orderFaults(form, error));
  const preview = useMutation({
    mutationFn: () => previewOrder(form.values),
    onSuccess: () => setUnplaced([]),
    onError: refused,
  });
  const order = useMutation({
    mutationFn: async () => {
      // Made here, so that it can be shown without a secret being read again; kept, so that sent twice it is the same order.
      const password = String(form.values.password) || randomSecret(16);
      form.setFieldValue('password', password);
      const made = await placeOrder({ ...form.values, password }, key);
      keepCredentials(made.run_id, { username: String(form.values.username), password });
      return made;
    },
    onSuccess: (made) => {
      accepted.current = true;
      store.forget();
      void navigate({ to: '/provisioning/runs/$id', params: { id: made.run_id }, ignoreBlocker: true });
    },
    onError: (error) => {
      preview.reset();
      refused(error);
      if (asProblem(error).code === 'idempotency.mismatch') {
        // The key stands for another order by now, one of a copy of this tab: this one gets a key of its own.
        setKey(store.newKey());
      }
    },
  });
  const startOver = () => {
    const before = { key, draft, values: form.values };
    store.forget();
    setDraft(undefined);
    setKey(store.newKey());
    form.setValues(emptyOrder);
    form.clearErrors();
    preview.reset();
    order.reset();
    offerUndo(() => {
      setDraft(before.draft);
      setKey(before.key);
      form.setValues(before.values);
    });
  };
  const isMismatch = order.isError && asProblem(order.error).code === 'idempotency.mismatch';
  const error = order.error ?? preview.error;

  return (
    <Page title={t('order.title')} lead={t('order.lead')}>
      {search.from && <Correcting run={search.from} />}
      {draft && <Restored at={draft.at} onStartOver={startOver} />}
      {preview.data ? (
        <PreviewStep
          preview={preview.data}
          username={String(form.values.username)}
          busy={order.isPending || order.isSuccess}
          onBack={() => preview.reset()}
          onProvision={() => order.mutate()}
        />
      ) : (
        <form onSubmit={form.onSubmit(() => preview.mutate())} noValidate className={editor.form}>
          <Stack gap="sm">
            {isMismatch ? (
              <ProblemAlert error={order.error} title={t('order.mismatch')} detail={t('order.mismatch.do')} />
            ) : (
              error !== null && <FormProblem error={error} unplaced={unplaced} />
            )}
            <PlanSection form={form} />
            <PlaceSection form={form} />
            <LineSection form={form} />
            <AddressSection form={form} />
            <VlanSection form={form} />
            <AccountSection form={form} />
            <Group justify="flex-end" gap="xs" className={editor.foot}>
              <Button variant="subtle" onClick={startOver}>
                {t('order.startOver')}
              </Button>
              <Button type="submit" loading={preview.isPending}>
                {t('order.preview')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Page>
  );
}

/** Keeps what was typed a moment after typing stops, and at once when the page goes. */
function useKept(form: OrderForm, write: (values: OrderValues) => void) {
  const latest = useRef({ form, write });
  latest.current = { form, write };
  const { values } = form;
  useEffect(() => {
    const later = setTimeout(() => latest.current.write(values), 300);
    return () => clearTimeout(later);
  }, [values]);
  useEffect(() => {
    const now = () => latest.current.write(latest.current.form.values);
    window.addEventListener('pagehide', now);
    return () => {
      window.removeEventListener('pagehide', now);
      now();
    };
  }, []);
}

/** What was typed can be had back for a while after it was cleared away. */
function offerUndo(undo: () => void) {
  const id = notifications.show({
    message: (
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t('order.cleared')}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            undo();
            notifications.hide(id);
          }}
        >
          {t('order.undo')}
        </Button>
      </Group>
    ),
    autoClose: 15_000,
  });
}

function Correcting({ run }: { run: string }) {
  return (
    <Alert
      color="gray"
      variant="light"
      styles={{ message: { color: 'var(--mantine-color-text)' } }}
      data-testid="correcting"
    >
      {t('order.correcting')}{' '}
      <TextLink to="/provisioning/runs/$id" params={{ id: run }} inherit>
        {t('order.correctingRun')}
      </TextLink>
    </Alert>
  );
}

function Restored({ at, onStartOver }: { at: string; onStartOver: () => void }) {
  const zone = useZone();
  return (
    <Alert
      color="gray"
      variant="light"
      styles={{ message: { color: 'var(--mantine-color-text)' } }}
      data-testid="draft"
    >
      <Group justify="space-between" gap="xs">
        {t('order.draft', { at: absolute(at, zone, 'minute') })}
        <Button size="compact-sm" variant="default" onClick={onStartOver}>
          {t('order.startOver')}
        </Button>
      </Group>
    </Alert>
  );
}
