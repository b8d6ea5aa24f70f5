import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { t } from '../../messages';
import { useCan } from '../../shared/me';
import { type Field, RecordEditor } from './RecordEditor';

const route = getRouteApi('/app/ipam');

type New = { label: string; fields: () => Field[]; save: (body: Record<string, unknown>) => Promise<unknown> };

/** The button that begins a new thing of the plan, and the form it opens; the URL holds whether that is open. */
export function useCreate({ label, fields, save }: New) {
  const { create } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useCan('isp.ipam.write');
  const open = (next?: true) => navigate({ search: (now) => ({ ...now, create: next }) });
  return {
    button: mayWrite && (
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(true)}>
        {label}
      </Button>
    ),
    form: create && mayWrite && (
      <RecordEditor title={label} fields={fields()} save={save} saved={t('ipam.saved')} onClose={() => open()} />
    ),
  };
}
