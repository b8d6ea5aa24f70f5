import { TextInput, type TextInputProps } from '@mantine/core';
import { t } from '../../messages';
import { useZone } from '../time';

/** When a run is to begin: a minute of the tenant's zone; empty is now. */
export function LaterField(props: TextInputProps) {
  const zone = useZone();
  return (
    <TextInput
      type="datetime-local"
      label={t('later.at', { zone })}
      description={t('later.hint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...props}
    />
  );
}
