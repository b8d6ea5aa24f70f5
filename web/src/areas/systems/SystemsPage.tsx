import { Badge, Button, Grid, Group, PasswordInput, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { Reply } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { Page } from '../../shared/Page';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { Time } from '../../shared/time';
import { Simulated } from '../pon/words';

type System = Reply<'/api/v1/tenant/oss', 'get'>['items'][number];
/** A driver by the word for it, where there is one. */
const driverName = (name: string) => lookup(`systems.driver.${name}`) ?? name;
const queryKey = ['network-systems'];

/** Which driver does each job of the network. */
export function SystemsPage() {
  const systems = useQuery({ queryKey, queryFn: ({ signal }) => take(api.GET('/api/v1/tenant/oss', { signal })) });
  return (
    <Page title={t('systems.title')} lead={t('systems.lead')}>
      {systems.isError && <ProblemAlert error={systems.error} onRetry={() => systems.refetch()} />}
      {systems.isPending && <Skeleton height={300} />}
      <Grid gap="md">
        {(systems.data?.items ?? []).map((system) => (
          <Grid.Col key={system.service} span={{ base: 12, md: 6 }}>
            <SystemCard key={`${system.service} ${system.driver}`} of={system} />
          </Grid.Col>
        ))}
      </Grid>
    </Page>
  );
}

function SystemCard({ of }: { of: System }) {
  const mayWrite = useCan('isp.oss.configure');
  const queries = useQueryClient();
  const [driver, setDriver] = useState(of.driver);
  const [given, setGiven] = useState<Record<string, string>>({});
  const [resetting, setResetting] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const chosen = of.drivers.find((one) => one.name === driver);
  const name = lookup(`systems.service.${of.service}`) ?? of.service;
  const path = { params: { path: { service: of.service } } };
  const refresh = () => queries.invalidateQueries({ queryKey });
  const parts = (secret: boolean) =>
    Object.fromEntries(
      (chosen?.settings ?? []).flatMap(({ name: key, is_secret }) => {
        const value = given[key];
        return is_secret === secret && value !== undefined ? [[key, value]] : [];
      }),
    );
  const write = async () => {
    const now = await take(
      api.PATCH('/api/v1/tenant/oss/{service}', {
        ...path,
        body: { driver, settings: parts(false), credentials: parts(true) },
      }),
    );
    notifications.show({ message: t('systems.saved', { service: name, driver: driverName(now.driver) }) });
    await refresh();
    // What was typed is kept by the server now: a secret does not stay on screen.
    setGiven({});
  };
  const save = useMutation({ mutationFn: write });
  const moves = driver !== of.driver;
  return (
    <Card
      title={
        <Group gap={8}>
          {name}
          <Simulated of={{ simulated: of.is_simulated }} />
          {of.is_default && (
            <Badge variant="default" tt="none">
              {t('systems.default')}
            </Badge>
          )}
        </Group>
      }
      data-testid={`system-${of.service}`}
    >
      <Stack gap="sm">
        <Select
          label={t('systems.driver')}
          data={of.drivers.map((one) => ({ value: one.name, label: driverName(one.name) }))}
          value={driver}
          disabled={!mayWrite}
          allowDeselect={false}
          onChange={(next) => next && setDriver(next)}
        />
        {chosen?.settings.map((setting) => {
          const Input = setting.is_secret ? PasswordInput : TextInput;
          return (
            <Input
              key={setting.name}
              label={setting.label}
              required={setting.is_required}
              disabled={!mayWrite}
              description={
                setting.is_secret && of.credentials_set.includes(setting.name) ? t('systems.secretKept') : undefined
              }
              value={given[setting.name] ?? (setting.is_secret ? '' : (of.settings[setting.name] ?? ''))}
              onChange={(event) => {
                const value = event.currentTarget.value;
                setGiven((now) => ({ ...now, [setting.name]: value }));
              }}
            />
          );
        })}
        {save.isError && <ProblemAlert error={save.error} />}
        <Group justify="space-between">
          <Text size="xs" c="dimmed" component="div">
            {of.checked_at && (
              <>
                {t('systems.checked')} <Time at={of.checked_at} show="age" />{' '}
              </>
            )}
            {of.updated_at && (
              <>
                {t('systems.changed')} <Time at={of.updated_at} show="age" />{' '}
                {of.updated_by && t('systems.by', { by: of.updated_by })}
              </>
            )}
          </Text>
          {mayWrite && (
            <Group gap="xs">
              {!of.is_default && (
                <Button variant="default" size="xs" onClick={() => setResetting(true)}>
                  {t('systems.reset')}
                </Button>
              )}
              <Button
                size="xs"
                disabled={!moves && Object.keys(given).length === 0}
                loading={save.isPending}
                onClick={() => (moves ? setChoosing(true) : save.mutate())}
              >
                {t('systems.save')}
              </Button>
            </Group>
          )}
        </Group>
      </Stack>
      <ConfirmDialog
        opened={choosing}
        onClose={() => setChoosing(false)}
        title={t('systems.chooseTitle', { service: name, driver: driverName(driver) })}
        confirm={t('systems.choose')}
        destructive={driver === 'none'}
        run={write}
      >
        {t('systems.chooseText', { service: name, from: driverName(of.driver), to: driverName(driver) })}{' '}
        {driver === 'none' && t('systems.chooseNone')}
      </ConfirmDialog>
      <ConfirmDialog
        opened={resetting}
        onClose={() => setResetting(false)}
        title={`${name}: ${t('systems.reset')}`}
        confirm={t('systems.reset')}
        destructive
        run={async () => {
          await take(api.DELETE('/api/v1/tenant/oss/{service}', path));
          await refresh();
        }}
      >
        {t('systems.resetText')}
      </ConfirmDialog>
    </Card>
  );
}
