/** Minutes the zone is ahead of UTC at this instant. */
function offsetMinutes(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return Math.round((local - instant) / 60_000);
}

/** The instant at which the day (`2026-11-21`), moved by `plusDays`, begins in the zone. */
export function startOfDay(day: string, zone: string, plusDays = 0): string {
  const wall = Date.parse(`${day}T00:00:00Z`) + plusDays * 86_400_000;
  const guess = wall - offsetMinutes(wall, zone) * 60_000;
  return new Date(wall - offsetMinutes(guess, zone) * 60_000).toISOString();
}

/** A wall-clock minute (`2026-11-21T03:12`) as it was given, seconds dropped; undefined when there is no such minute. */
export function readMinute(value: unknown): string | undefined {
  const minute = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d(?:\.\d+)?)?$/.exec(String(value))?.[1];
  const wall = Date.parse(`${minute}:00Z`);
  return !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(minute ?? ' ') ? minute : undefined;
}

/** The instant of a wall-clock minute (`2026-11-21T03:12`) in the zone. */
export function instant(minute: string, zone: string): string {
  const wall = Date.parse(`${minute}:00Z`);
  const guess = wall - offsetMinutes(wall, zone) * 60_000;
  return new Date(wall - offsetMinutes(guess, zone) * 60_000).toISOString();
}
