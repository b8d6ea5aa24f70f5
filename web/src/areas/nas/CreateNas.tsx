import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { filled } from '../../shared/form/values';
import { emptyNas, type NasValues } from './fields';
import { NasFields } from './NasFields';
import { createNas, type NewNas, useNasChanged } from './queries';

/** Registers a NAS and goes to its page, which tells how to point it here. */
export function CreateNas({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const refresh = useNasChanged();
  const made = useRef('');
  const save = async (values: NasValues) => {
    const { id, shortname } = await createNas(filled(values) as NewNas);
    made.current = id;
    notifications.show({ title: t('nas.created', { name: shortname }), message: t('nas.createdHint'), color: 'teal' });
    await refresh();
  };
  return (
    <Editor
      title={t('nas.create')}
      start={emptyNas}
      creating
      save={save}
      onClose={onClose}
      onSaved={() => navigate({ to: '/nas/$id', params: { id: made.current } })}
    >
      {(form) => <NasFields form={form} creating />}
    </Editor>
  );
}
