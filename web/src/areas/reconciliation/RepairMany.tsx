import { Accordion, Alert, Button, Group, List, Modal, ScrollArea, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { lookup, t, tn } from '../../messages';
import { count } from '../../shared/format';
import { useMe } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { randomSecret } from '../../shared/random';
import { type Lot, partsOf } from './many';
import { collect, type Finding, type FindingFilter, most } from './queries';
import { perGo } from './sending';

/** Of one kind; how many more there are is said. */
const mostShown = 500;

type Props = {
  /** Those that are ticked; none: all that the filter means. */
  picked: Finding[];
  filter: FindingFilter;
  onClose: () => void;
  /** `mark`: of this asking; sent twice under it, nothing is begun twice. */
  onConfirmed: (findings: Finding[], mark: string) => void;
};

/** What is repaired, what each fix does, and what is not repaired and why; then once "do it", for just those. */
export function RepairMany({ picked, filter, onClose, onConfirmed }: Props) {
  const { permissions } = useMe();
  // What stands in the dialog is what is confirmed: it is read once, when it opens.
  const [opened] = useState(() => ({ picked, key: randomSecret(32) }));
  const meant = useQuery({
    queryKey: ['reconciliation-meant', opened.key],
    queryFn: ({ signal }) => (opened.picked.length > 0 ? { found: opened.picked, beyond: 0 } : collect(filter, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={t('repairs.ask')}>
      {meant.isError && <ProblemAlert error={meant.error} onRetry={() => meant.refetch()} />}
      {meant.isPending && <Skeleton height={200} aria-label={t('repairs.collecting')} />}
      {meant.data && (
        <Meant
          {...meant.data}
          permissions={permissions}
          onClose={onClose}
          onConfirmed={(findings) => onConfirmed(findings, opened.key)}
        />
      )}
    </Modal>
  );
}

type MeantProps = {
  found: Finding[];
  beyond: number;
  permissions: readonly string[];
  onClose: () => void;
  onConfirmed: (findings: Finding[]) => void;
};

function Meant({ found, beyond, permissions, onClose, onConfirmed }: MeantProps) {
  const { chosen, kinds, without } = partsOf(found, permissions);
  const skipped = without.reduce((sum, lot) => sum + lot.of.length, 0) + beyond;
  return (
    <Stack data-testid="repair-many">
      <Text size="sm" fw={600}>
        {chosen.length === 0 ? t('repairs.nothing') : tn('repairs.willBe', chosen.length)}
      </Text>
      {kinds.length > 0 && (
        <>
          <Accordion variant="contained" multiple chevronPosition="right">
            {kinds.map((lot) => (
              <KindItem key={lot.kind} lot={lot} />
            ))}
          </Accordion>
          <Text size="sm" c="dimmed">
            {t('repairs.how')}
            {chosen.length > perGo && ` ${t('repairs.goes', { perGo: count(perGo) })}`}
          </Text>
        </>
      )}
      {skipped > 0 && (
        <Alert
          variant="light"
          title={tn('repairs.notThese', skipped)}
          styles={{ root: { background: 'var(--dm-warn-soft)' }, message: { color: 'var(--mantine-color-text)' } }}
          data-testid="not-repaired"
        >
          <List size="sm">
            {without.map((lot) => (
              <List.Item key={`${lot.kind} ${lot.lacking}`}>{whyNot(lot)}</List.Item>
            ))}
            {beyond > 0 && <List.Item>{t('repairs.beyond', { many: count(beyond), most: count(most) })}</List.Item>}
          </List>
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          {chosen.length > 0 ? t('do.cancel') : t('do.close')}
        </Button>
        {chosen.length > 0 && (
          <Button onClick={() => onConfirmed(chosen)} data-testid="confirm">
            {tn('repairs.do', chosen.length)}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const nameOf = (kind: string) => lookup(`finding.${kind}`) ?? kind;

function whyNot({ kind, of, lacking }: Lot) {
  const said = { many: count(of.length), kind: nameOf(kind) };
  return lacking ? t('repairs.lacking', { ...said, permission: lacking }) : t('repairs.noFix', said);
}

function KindItem({ lot }: { lot: Lot }) {
  return (
    <Accordion.Item value={lot.kind}>
      <Accordion.Control>
        <Text size="sm" fw={600}>
          {t('repairs.kindOf', { many: count(lot.of.length), kind: nameOf(lot.kind) })}
        </Text>
        <Text size="sm">{lookup(`fix.${lot.kind}`) ?? lot.of[0]?.fix}</Text>
      </Accordion.Control>
      <Accordion.Panel>
        <ScrollArea.Autosize mah={220} type="auto" tabIndex={0}>
          <List size="sm" listStyleType="none">
            {lot.of.slice(0, mostShown).map((one) => (
              <List.Item key={one.id}>
                <Text span size="sm" fw={600}>
                  {one.subject_label}
                </Text>
                {': '}
                {one.fix}
              </List.Item>
            ))}
            {lot.of.length > mostShown && (
              <List.Item>{t('repairs.more', { many: count(lot.of.length - mostShown) })}</List.Item>
            )}
          </List>
        </ScrollArea.Autosize>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
