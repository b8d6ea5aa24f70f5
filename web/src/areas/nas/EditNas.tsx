import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Nas } from '../../api/types';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed, toForm } from '../../shared/form/values';
import { type NasValues, nasFieldNames } from './fields';
import { NasFields } from './NasFields';
import { type NasPatch, patchNas, useNasChanged } from './queries';

export function EditNas({ nas, onClose }: { nas: Nas; onClose: () => void }) {
  const [from, setFrom] = useState(nas);
  const refresh = useNasChanged();
  const start: NasValues = { ...toForm(nasFieldNames, from), secret: '' };
  const save = async (values: NasValues) => {
    const saved = await patchNas(from, changed(start, values) as NasPatch);
    notifications.show({ message: t('nas.saved', { name: saved.shortname }) });
    await refresh();
  };
  return (
    <Editor
      key={from.version}
      title={t('nas.editTitle', { name: from.shortname })}
      start={start}
      creating={false}
      save={save}
      onClose={onClose}
      onReload={() => setFrom(nas)}
    >
      {(form) => <NasFields form={form} creating={false} />}
    </Editor>
  );
}
