import { NumberInput, TextInput } from '@mantine/core';
import { lookup, t } from '../../messages';
import type { FieldName, SubscriberForm } from './fields';

type Props = { form: SubscriberForm; name: FieldName; placeholder?: string; mono?: boolean; hint?: boolean };

export const order = ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[];

/** What every field of the form has: the API's name, its label, and its help where there is one. */
export const bound = (form: SubscriberForm, name: FieldName, hint = false) => ({
  name,
  label: t(`subscriber.${name}`),
  description: hint ? lookup(`subscriber.${name}.hint`) : undefined,
  inputWrapperOrder: order,
  ...form.getInputProps(name),
});

export function WordField({ form, name, placeholder, mono, hint }: Props) {
  return (
    <TextInput
      {...bound(form, name, hint)}
      placeholder={placeholder}
      classNames={mono ? { input: 'mono' } : undefined}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

export function WholeField({ form, name, hint, min, max }: Props & { min: number; max: number }) {
  return (
    <NumberInput
      {...bound(form, name, hint)}
      min={min}
      max={max}
      clampBehavior="none"
      allowDecimal={false}
      hideControls
      inputMode="numeric"
    />
  );
}
