import { ActionIcon, VisuallyHidden } from '@mantine/core';
import { IconPlugOff } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { Session } from '../../api/types';
import { t } from '../../messages';
import { bitRate, bytes, duration } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { State } from '../../shared/State';
import { RunningAge, Time } from '../../shared/time';
import classes from './LiveTable.module.css';
import { SortHead } from './SortHead';
import type { SessionsSearch } from './search';

const rowHeight = 36;
type Props = {
  length: number;
  at: (index: number) => Session | undefined;
  /** Told which rows are in sight. */
  look: (first: number, last: number) => void;
  sort: SessionsSearch['sort'];
  onSort: (sort: SessionsSearch['sort']) => void;
  stale: boolean;
  /** Keys of columns that are not shown. */
  away: string[];
  onCut: (session: Session) => void;
};

/** Only the rows in sight exist; the table still tells assistive technology how many there are. */
export function LiveTable({ length, at, look, sort, onSort, stale, away, onCut }: Props) {
  const mayCut = useCan('isp.radius.sessions.manage');
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => look(first, last), [look, first, last]);
  const head = { sort, onSort };

  return (
    <section
      ref={box}
      className={classes.box}
      data-stale={stale}
      data-away={away.join(' ')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={t('sessions.table')}
    >
      <table className={classes.table} aria-rowcount={length + 1}>
        <thead>
          <tr>
            <SortHead {...head} word="username" label={t('sessions.col.username')} className={classes.wide} />
            <th className={classes.address}>{t('sessions.col.address')}</th>
            <SortHead {...head} word="nas" label={t('sessions.col.nas')} className={classes.md} />
            <th className={`${classes.lg} ${classes.station}`}>{t('sessions.col.mac')}</th>
            <SortHead
              {...head}
              word="download_bps"
              label={t('sessions.col.down')}
              className={`${classes.number} ${classes.sm}`}
              descendingFirst
            />
            <SortHead
              {...head}
              word="upload_bps"
              label={t('sessions.col.up')}
              className={`${classes.number} ${classes.sm}`}
              descendingFirst
            />
            <SortHead
              {...head}
              word="traffic"
              label={t('sessions.col.octets')}
              className={`${classes.number} ${classes.md}`}
              descendingFirst
            />
            <SortHead {...head} word="started_at" label={t('sessions.col.age')} className={classes.age} />
            <SortHead
              {...head}
              word="updated_at"
              label={t('sessions.col.updated')}
              className={classes.lg}
              descendingFirst
            />
            {mayCut && (
              <th className={classes.action}>
                <VisuallyHidden>{t('disconnect.do')}</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {items.map(({ index }) => {
            const session = at(index);
            return session ? (
              <Row key={index} index={index} session={session} onCut={mayCut ? onCut : undefined} />
            ) : (
              <tr key={index} aria-rowindex={index + 2} aria-busy>
                <td colSpan={mayCut ? 10 : 9} className={classes.waiting}>
                  …
                </td>
              </tr>
            );
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = {
  session: Session;
  index: number;
  onCut: ((session: Session) => void) | undefined;
};

const Row = memo(function Row({ session, index, onCut }: RowProps) {
  const { subscriber_id: id } = session;
  const username = session.username ?? session.acct_session_id;
  const ended = session.stopped_at !== null;
  return (
    <tr aria-rowindex={index + 2} data-testid="session-row" data-username={username} data-ended={ended || undefined}>
      <td>
        <TextLink to="/subscribers/$key" params={{ key: id ?? username }} size="sm" fw={550}>
          {username}
        </TextLink>
      </td>
      <td className="mono">{session.framed_ipv4_address ?? session.framed_ipv6_prefix}</td>
      <td className={classes.md}>{session.nas?.shortname}</td>
      <td className={`mono ${classes.lg}`}>{session.calling_station_id}</td>
      <td className={`${classes.number} ${classes.sm}`}>
        {ended ? <State tone="idle">{t('session.ended')}</State> : bitRate(session.download_bps)}
      </td>
      <td className={`${classes.number} ${classes.sm}`}>{ended ? '' : bitRate(session.upload_bps)}</td>
      <td className={`${classes.number} ${classes.md}`}>{bytes(session.downloaded_bytes + session.uploaded_bytes)}</td>
      <td>
        <TextLink
          to="/sessions/$id"
          params={{ id: session.id }}
          size="sm"
          title={t('session.openOf', { username })}
          preload={false}
        >
          {ended ? duration(session.duration_seconds) : <RunningAge since={session.started_at} />}
        </TextLink>
      </td>
      <td className={classes.lg}>
        <Time at={session.updated_at} show="age" />
      </td>
      {onCut && (
        <td className={classes.number}>
          {!ended && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('disconnect.of', { username })}
              title={t('disconnect.of', { username })}
              onClick={() => onCut(session)}
              data-testid="disconnect"
            >
              <IconPlugOff size={16} aria-hidden />
            </ActionIcon>
          )}
        </td>
      )}
    </tr>
  );
});
