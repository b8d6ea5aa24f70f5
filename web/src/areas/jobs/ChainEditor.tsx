import { ActionIcon, Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { t } from '../../messages';
import { FormDrawer } from '../../shared/form/FormDrawer';
import { FormProblem } from '../../shared/form/FormProblem';
import { pretty, readJson } from './fields';
import { ParameterFields } from './ParameterFields';
import { type ChainFields, createChain, kindName, useJobsChanged, useKinds } from './queries';

type Link = { key: number; kind: string; parameters: string };

/** Makes a chain: which jobs, in which order, and whether it stops behind one that failed. */
export function ChainEditor({ onClose }: { onClose: () => void }) {
  const changed = useJobsChanged();
  const kinds = useKinds();
  const [name, setName] = useState('');
  const [stops, setStops] = useState(true);
  const [links, setLinks] = useState<Link[]>([{ key: 0, kind: '', parameters: '' }]);
  const write = useMutation({
    mutationFn: () =>
      createChain({
        name,
        stop_on_failure: stops,
        links: links.map((link) => ({ kind: link.kind, parameters: readJson(link.parameters) })),
      } as ChainFields),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  const dirty = name !== '' || !stops || links.length > 1 || links.some((link) => link.kind !== '');
  const faults = write.error ? asProblem(write.error).faults : [];
  const faultOf = (field: string) => faults.find((fault) => fault.field === field)?.message;
  const change = (key: number, part: Partial<Link>) =>
    setLinks((now) => now.map((link) => (link.key === key ? { ...link, ...part } : link)));
  return (
    <FormDrawer title={t('jobs.createChain')} dirty={dirty} onClose={onClose}>
      {(leave) => (
        <Stack gap="sm">
          {write.isError && (
            <FormProblem error={write.error} unplaced={faults.filter((fault) => fault.field !== 'name')} />
          )}
          <TextInput
            label={t('jobs.name')}
            required
            value={name}
            error={faultOf('name')}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {links.map((link, index) => (
            <Stack key={link.key} gap={6} p="sm" bd="1px solid var(--dm-line)" style={{ borderRadius: 4 }}>
              <Group align="flex-end" wrap="nowrap">
                <Select
                  label={t('jobs.link', { number: index + 1 })}
                  data={kinds.map((kind) => ({ value: kind.name, label: kindName(kind.name) }))}
                  value={link.kind || null}
                  onChange={(kind) =>
                    change(link.key, {
                      kind: kind ?? '',
                      parameters: pretty(kinds.find((one) => one.name === kind)?.example),
                    })
                  }
                  style={{ flex: 1 }}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  disabled={links.length === 1}
                  aria-label={t('jobs.removeLink', { number: index + 1 })}
                  onClick={() => setLinks((now) => now.filter((one) => one.key !== link.key))}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Group>
              <Text size="xs" c="dimmed">
                {kinds.find((kind) => kind.name === link.kind)?.description}
              </Text>
              {link.kind !== '' && (
                <ParameterFields
                  value={link.parameters}
                  example={kinds.find((kind) => kind.name === link.kind)?.example}
                  error={faultOf(`links[${index}].parameters`)}
                  onChange={(parameters) => change(link.key, { parameters })}
                />
              )}
            </Stack>
          ))}
          <Button
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() =>
              setLinks((now) => [...now, { key: Math.max(...now.map((one) => one.key)) + 1, kind: '', parameters: '' }])
            }
          >
            {t('jobs.addLink')}
          </Button>
          <Switch
            label={t('jobs.stopOnFailure')}
            checked={stops}
            onChange={(event) => setStops(event.currentTarget.checked)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={leave}>
              {t('do.cancel')}
            </Button>
            <Button loading={write.isPending} onClick={() => write.mutate()}>
              {t('do.create')}
            </Button>
          </Group>
        </Stack>
      )}
    </FormDrawer>
  );
}
