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

/** The instant of a wall-clock minute (`2026-11-21T03:12`) in the zone. */
export function instant(minute: string, zone: string): string {
  const wall = Date.parse(`${minute}:00Z`);
  const guess = wall - offsetMinutes(wall, zone) * 60_000;
  return new Date(wall - offsetMinutes(guess, zone) * 60_000).toISOString();
}
