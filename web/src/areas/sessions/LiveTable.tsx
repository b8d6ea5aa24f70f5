import { ActionIcon, VisuallyHidden } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { IconPlugOff } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { Session } from '../../api/types';
import { t } from '../../messages';
import { bitRate, bytes, duration } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { Time } from '../../shared/time';
import classes from './LiveTable.module.css';

const rowHeight = 36;
type Props = { sessions: Session[]; stale: boolean; onCut: (session: Session) => void };

/** Only the rows in sight exist; the table still tells assistive technology how many there are. */
export function LiveTable({ sessions, stale, onCut }: Props) {
  const mayCut = useCan('isp.radius.sessions.manage');
  const box = useRef<HTMLDivElement>(null);
  const [now, setNow] = useState(Date.now());
  useInterval(() => setNow(Date.now()), 1000, { autoInvoke: true });
  const virtual = useVirtualizer({
    count: sessions.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sessions[index]?.id ?? index,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={box} className={classes.box} data-stale={stale} tabIndex={0} aria-label={t('sessions.table')}>
      <table className={classes.table} aria-rowcount={sessions.length + 1}>
        <thead>
          <tr>
            <th>{t('sessions.col.username')}</th>
            <th>{t('sessions.col.address')}</th>
            <th className={classes.md}>{t('sessions.col.nas')}</th>
            <th className={classes.lg}>{t('sessions.col.mac')}</th>
            <th className={`${classes.number} ${classes.sm}`}>{t('sessions.col.down')}</th>
            <th className={`${classes.number} ${classes.sm}`}>{t('sessions.col.up')}</th>
            <th className={`${classes.number} ${classes.md}`}>{t('sessions.col.octets')}</th>
            <th className={classes.sm}>{t('sessions.col.age')}</th>
            <th className={classes.lg}>{t('sessions.col.updated')}</th>
            {mayCut && (
              <th>
                <VisuallyHidden>{t('disconnect.do')}</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {items.map(({ index, key }) => {
            const session = sessions[index];
            return (
              session && (
                <Row
                  key={key}
                  index={index}
                  session={session}
                  now={now}
                  onCut={mayCut ? () => onCut(session) : undefined}
                />
              )
            );
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = { session: Session; index: number; now: number; onCut: (() => void) | undefined };

function Row({ session, index, now, onCut }: RowProps) {
  const { subscriber_id: id } = session;
  const username = session.username ?? session.acct_session_id;
  return (
    <tr aria-rowindex={index + 2} data-testid="session-row" data-username={username}>
      <td>
        <TextLink to="/subscribers/$key" params={{ key: id ?? username }} size="sm" fw={550}>
          {username}
        </TextLink>
      </td>
      <td className="mono">{session.framed_ipv4_address ?? session.framed_ipv6_prefix}</td>
      <td className={classes.md}>{session.nas?.shortname}</td>
      <td className={`mono ${classes.lg}`}>{session.calling_station_id}</td>
      <td className={`${classes.number} ${classes.sm}`}>{bitRate(session.download_bps)}</td>
      <td className={`${classes.number} ${classes.sm}`}>{bitRate(session.upload_bps)}</td>
      <td className={`${classes.number} ${classes.md}`}>{bytes(session.downloaded_bytes + session.uploaded_bytes)}</td>
      <td className={classes.sm}>
        <TextLink to="/sessions/$id" params={{ id: session.id }} size="sm" title={t('session.openOf', { username })}>
          {duration((now - new Date(session.started_at).getTime()) / 1000)}
        </TextLink>
      </td>
      <td className={classes.lg}>
        <Time at={session.updated_at} show="age" />
      </td>
      {onCut && (
        <td className={classes.number}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('disconnect.of', { username })}
            title={t('disconnect.of', { username })}
            onClick={onCut}
            data-testid="disconnect"
          >
            <IconPlugOff size={16} aria-hidden />
          </ActionIcon>
        </td>
      )}
    </tr>
  );
}
