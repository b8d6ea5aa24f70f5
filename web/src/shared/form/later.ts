import { instant, readMinute } from '../zonedDay';

/** A wall-clock minute in which something is to begin: its instant; nothing of none; `past` of one that is over, or no minute at all. */
export function laterOf(minute: string, zone: string, now = Date.now()): { at?: string; past?: true } {
  if (minute === '') {
    return {};
  }
  const read = readMinute(minute);
  const at = read && instant(read, zone);
  return at && Date.parse(at) > now ? { at } : { past: true };
}
