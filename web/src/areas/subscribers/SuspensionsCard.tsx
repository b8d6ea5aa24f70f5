import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Subscriber } from '../../api/types';
import { lookup, t } from '../../messages';
import { Card } from '../../shared/Card';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { useCan } from '../../shared/me';
import { ProblemAlert } from '../../shared/ProblemAlert';
import { State } from '../../shared/State';
import { Time } from '../../shared/time';
import {
  addShield,
  endShield,
  endSuspension,
  type Reason,
  type Shield,
  shields,
  suspensionQuery,
  useSuspensionChanged,
} from './suspensions';

type Ending = { kind: 'reason' | 'shield'; id: string; what: string };

/** Why the line is suspended or would be, what shields it, and whether the network follows. */
export function SuspensionsCard({ subscriber }: { subscriber: Subscriber }) {
  const mayManage = useCan('isp.radius.sessions.manage');
  const found = useQuery(suspensionQuery(subscriber.id));
  const [ending, setEnding] = useState<Ending>();
  const [shielding, setShielding] = useState(false);
  const changed = useSuspensionChanged();
  const view = found.data;
  const open = (view?.reasons ?? []).filter((one) => one.state !== 'ended');
  const standing = (view?.shields ?? []).filter((one) => !one.ended_at);
  const end = async () => {
    await (ending?.kind === 'shield'
      ? endShield(subscriber.id, ending.id, null)
      : endSuspension(subscriber.id, ending?.id ?? '', null));
    await changed();
  };
  const action = mayManage && (
    <Button size="compact-sm" variant="default" onClick={() => setShielding(true)}>
      {t('suspension.shield')}
    </Button>
  );
  return (
    <Card title={t('suspension.title')} actions={action} data-testid="suspensions">
      {found.isError && <ProblemAlert error={found.error} onRetry={() => found.refetch()} />}
      <Stack gap="xs">
        {view && open.length === 0 && standing.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('is.none')}
          </Text>
        )}
        {open.map((one) => (
          <ReasonRow
            key={one.id}
            reason={one}
            onEnd={mayManage ? (what) => setEnding({ kind: 'reason', id: one.id, what }) : undefined}
          />
        ))}
        {standing.map((one) => (
          <ShieldRow
            key={one.id}
            shield={one}
            onEnd={mayManage ? (what) => setEnding({ kind: 'shield', id: one.id, what }) : undefined}
          />
        ))}
        {view && <Following view={view} />}
      </Stack>
      <ConfirmDialog
        opened={ending !== undefined}
        onClose={() => setEnding(undefined)}
        title={t('suspension.endTitle', { what: ending?.what ?? '' })}
        confirm={t('suspension.end')}
        run={end}
      >
        {t(ending?.kind === 'shield' ? 'suspension.endShieldText' : 'suspension.endText')}
      </ConfirmDialog>
      {shielding && <ShieldDialog subscriber={subscriber} onClose={() => setShielding(false)} />}
    </Card>
  );
}

function Following({
  view,
}: {
  view: { access: string; carried_out: string; proof: string | null; first_login_at: string | null };
}) {
  if (view.access !== view.carried_out) {
    return (
      <Text size="xs" c="dimmed" role="status">
        {t('suspension.following')}
      </Text>
    );
  }
  if (view.access !== 'open') {
    return (
      <Text size="xs" c="dimmed">
        {t('suspension.followed')}
      </Text>
    );
  }
  return view.proof ? (
    <Text size="xs" c="dimmed">
      {view.first_login_at ? (
        <>
          {t('suspension.firstLogin')} <Time at={view.first_login_at} show="age" />
        </>
      ) : (
        t('suspension.proved')
      )}
    </Text>
  ) : null;
}

function ReasonRow({ reason, onEnd }: { reason: Reason; onEnd?: (what: string) => void }) {
  const name = lookup(`suspension.reason.${reason.reason}`) ?? reason.reason;
  const shield =
    reason.held_by_shield && (lookup(`suspension.shield.${reason.held_by_shield}`) ?? reason.held_by_shield);
  const held = reason.held_by && lookup(`suspension.held.${reason.held_by}`)?.replace('{shield}', shield ?? '');
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <State tone={reason.state === 'in_force' ? 'warn' : 'idle'}>
            {lookup(`suspension.state.${reason.state}`) ?? reason.state}
          </State>
        </Group>
        <Text size="sm">{[reason.note, reason.evidence].filter(Boolean).join(' · ')}</Text>
        <Text size="xs" c="dimmed">
          {held && `${held} · `}
          {t('suspension.since')} <Time at={reason.created_at} show="age" />{' '}
          {t('suspension.by', { who: reason.created_by })}
        </Text>
      </div>
      {onEnd && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => onEnd(name)}
          aria-label={`${t('suspension.end')}: ${name}`}
        >
          {t('suspension.end')}
        </Button>
      )}
    </Group>
  );
}

function ShieldRow({ shield, onEnd }: { shield: Shield; onEnd?: (what: string) => void }) {
  const name = lookup(`suspension.shield.${shield.kind}`) ?? shield.kind;
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <State tone={shield.stands ? 'ok' : 'idle'}>
            {shield.holds.map((one) => lookup(`suspension.reason.${one}`) ?? one).join(', ')}
          </State>
        </Group>
        {shield.note && <Text size="sm">{shield.note}</Text>}
        <Text size="xs" c="dimmed">
          {shield.until && (
            <>
              {t('suspension.until')} <Time at={shield.until} show="minute" /> ·{' '}
            </>
          )}
          {t('suspension.since')} <Time at={shield.created_at} show="age" />{' '}
          {t('suspension.by', { who: shield.created_by })}
        </Text>
      </div>
      {onEnd && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => onEnd(name)}
          aria-label={`${t('suspension.end')}: ${name}`}
        >
          {t('suspension.end')}
        </Button>
      )}
    </Group>
  );
}

function ShieldDialog({ subscriber, onClose }: { subscriber: Subscriber; onClose: () => void }) {
  const [kind, setKind] = useState<string | null>('grace');
  const [days, setDays] = useState<number | string>(7);
  const [note, setNote] = useState('');
  const changed = useSuspensionChanged();
  const run = async () => {
    const until = typeof days === 'number' ? new Date(Date.now() + days * 86_400_000).toISOString() : null;
    await addShield(subscriber.id, { kind, until, note: note.trim() || null });
    await changed();
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('suspension.shieldTitle', { username: subscriber.username })}
      confirm={t('suspension.shield')}
      run={run}
    >
      <Stack gap="sm">
        <Select
          label={t('suspension.shieldKind')}
          value={kind}
          allowDeselect={false}
          data={shields.map((value) => ({ value, label: t(`suspension.shield.${value}`) }))}
          onChange={setKind}
        />
        <NumberInput
          label={t('suspension.shieldDays')}
          description={t('suspension.shieldDaysHint')}
          value={days}
          min={1}
          max={3650}
          onChange={setDays}
        />
        <TextInput label={t('suspension.note')} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      </Stack>
    </ConfirmDialog>
  );
}
