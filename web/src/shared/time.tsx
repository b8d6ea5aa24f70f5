import { createContext, useContext, useSyncExternalStore } from 'react';
import { t } from '../messages';
import { duration } from './format';

const fallback = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The IANA zone of the tenant; every time on screen is in it. */
export const ZoneContext = createContext<string>(fallback);
export const useZone = () => useContext(ZoneContext);

/** `2026-11-21 08:30:05` in the zone: the same width everywhere, and it sorts. */
export function absolute(at: string | number, zone: string, parts: 'minute' | 'second' = 'second'): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: parts === 'second' ? 'medium' : 'short',
  }).format(new Date(at));
}

/** `3 min ago`; times ahead read `in 3 min`. */
export function age(at: string | number, now = Date.now()): string {
  const exact = (now - new Date(at).getTime()) / 1000;
  const seconds = Math.abs(exact) < 60 ? exact : Math.trunc(exact / 60) * 60;
  if (Math.abs(seconds) < 2) {
    return t('time.now');
  }
  return t(seconds < 0 ? 'time.ahead' : 'time.ago', { age: duration(Math.abs(seconds)) });
}

type Props = { at: string | null | undefined; show?: 'absolute' | 'minute' | 'age'; never?: string };

/** A moment in the tenant's zone, its age on hover (or the other way round). */
export function Time({ at, show = 'absolute', never = t('is.never') }: Props) {
  const zone = useZone();
  if (!at) {
    return <>{never}</>;
  }
  const full = `${absolute(at, zone)} ${zone}`;
  return (
    <time dateTime={at} title={show === 'age' ? full : `${age(at)} (${zone})`}>
      {show === 'age' ? age(at) : absolute(at, zone, show === 'minute' ? 'minute' : 'second')}
    </time>
  );
}

const heartbeat = {
  listeners: new Set<() => void>(),
  timer: undefined as ReturnType<typeof setInterval> | undefined,
  subscribe(listener: () => void) {
    heartbeat.listeners.add(listener);
    heartbeat.timer ??= setInterval(() => {
      for (const one of heartbeat.listeners) {
        one();
      }
    }, 1000);
    return () => {
      heartbeat.listeners.delete(listener);
      if (heartbeat.listeners.size === 0) {
        clearInterval(heartbeat.timer);
        heartbeat.timer = undefined;
      }
    };
  },
};

/** How long something has run, counting on. One clock drives them all, and only the text is drawn anew. */
export function RunningAge({ since }: { since: string }) {
  const second = useSyncExternalStore(heartbeat.subscribe, () => Math.floor(Date.now() / 1000));
  return <>{duration(second - new Date(since).getTime() / 1000)}</>;
}

/** How long it still is until then, counting down; `past` when the time has come. */
export function RunningUntil({ at, past }: { at: string; past: string }) {
  const second = useSyncExternalStore(heartbeat.subscribe, () => Math.floor(Date.now() / 1000));
  const left = Math.ceil(new Date(at).getTime() / 1000 - second);
  return <>{left > 0 ? t('time.ahead', { age: duration(left) }) : past}</>;
}
