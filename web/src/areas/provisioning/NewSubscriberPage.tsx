import { Alert, Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Fault } from '../../api/problem';
import { t } from '../../messages';
import { FormProblem } from '../../shared/form/FormProblem';
import { useMe } from '../../shared/me';
import { Page } from '../../shared/Page';
import { randomSecret } from '../../shared/random';
import { absolute, useZone } from '../../shared/time';
import { AccountSection } from './AccountSection';
import { AddressSection } from './AddressSection';
import { keepCredentials } from './credentials';
import { draftStore } from './draft';
import { emptyOrder, type OrderForm, type OrderValues, secrets } from './fields';
import { LineSection } from './LineSection';
import editor from './NewSubscriber.module.css';
import { orderFaults } from './order';
import { PlaceSection } from './PlaceSection';
import { PlanSection } from './PlanSection';
import { PreviewStep } from './PreviewStep';
import { placeOrder, previewOrder } from './queries';
import { VlanSection } from './VlanSection';

const route = getRouteApi('/app/provisioning/new');

/** One form for the whole line, a preview of what it takes, and then the run that does it. */
export function NewSubscriberPage() {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [store] = useState(() => draftStore(`dotmac-order-${me.tenant.slug}-${me.email}`, emptyOrder, secrets));
  const [draft, setDraft] = useState(() => store.read());
  const [key, setKey] = useState(() => draft?.key ?? store.begin().key);
  const [unplaced, setUnplaced] = useState<Fault[]>([]);
  const form: OrderForm = useForm<OrderValues>({
    mode: 'controlled',
    // What the link that led here names counts more than a draft.
    initialValues: {
      ...(draft?.values ?? emptyOrder),
      ...(search.plan && { bandwidth_profile_id: search.plan }),
      ...(search.onu && { onu_serial: search.onu }),
      ...(search.site && { site_id: search.site }),
    },
  });
  useKept(form, (values) => store.write(key, values));

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
      store.forget();
      void navigate({ to: '/provisioning/runs/$id', params: { id: made.run_id }, ignoreBlocker: true });
    },
    onError: (error) => {
      preview.reset();
      refused(error);
    },
  });
  const startOver = () => {
    store.forget();
    setDraft(undefined);
    setKey(store.begin().key);
    form.setValues(emptyOrder);
    form.clearErrors();
    preview.reset();
    order.reset();
  };
  const error = order.error ?? preview.error;

  return (
    <Page title={t('order.title')} lead={t('order.lead')}>
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
            {error !== null && <FormProblem error={error} unplaced={unplaced} />}
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
