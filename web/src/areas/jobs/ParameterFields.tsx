import { JsonInput, NumberInput, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import { lookup, t } from '../../messages';
import { pretty, readJson } from './fields';

type Props = {
  /** As JSON: what is sent. */
  value: string;
  /** How the kind's parameters may look; its fields are those of this example. */
  example: unknown;
  error?: string;
  faultOf?: (field: string) => string | undefined;
  onChange: (value: string) => void;
};

const plain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
const isFlat = (value: unknown): value is Record<string, string | number | boolean> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(plain);

/** A job's parameters, each as a field of its own; as JSON where an example has more than plain values in it. */
export function ParameterFields({ value, example, error, faultOf, onChange }: Props) {
  const now = readJson(value);
  if (!isFlat(example) || !isFlat(now)) {
    return (
      <JsonInput
        name="parameters"
        label={t('jobs.parameters')}
        value={value}
        error={error}
        onChange={onChange}
        autosize
        minRows={2}
        formatOnBlur
        classNames={{ input: 'mono' }}
      />
    );
  }
  const names = Object.keys(example);
  if (names.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('jobs.noParameters')}
      </Text>
    );
  }
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {names.map((name) => {
          const set = (next: unknown) => onChange(pretty({ ...now, [name]: next }));
          const common = {
            label: lookup(`jobs.parameter.${name}`) ?? name,
            error: faultOf?.(`parameters.${name}`),
          };
          const given = now[name];
          switch (typeof example[name]) {
            case 'boolean':
              return (
                <Switch
                  key={name}
                  {...common}
                  checked={given === true}
                  onChange={(event) => set(event.currentTarget.checked)}
                />
              );
            case 'number':
              return (
                <NumberInput
                  key={name}
                  {...common}
                  hideControls
                  clampBehavior="none"
                  value={typeof given === 'number' || typeof given === 'string' ? given : ''}
                  onChange={set}
                />
              );
            default:
              return (
                <TextInput
                  key={name}
                  {...common}
                  value={String(given ?? '')}
                  onChange={(event) => set(event.currentTarget.value)}
                />
              );
          }
        })}
      </SimpleGrid>
      {error && (
        <Text size="sm" c="var(--dm-bad)">
          {error}
        </Text>
      )}
    </>
  );
}
