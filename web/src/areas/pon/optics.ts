export type Level = { at: string; rx_power_dbm: number; olt_rx_dbm: number };
export type Mark = [at: number, level: number | null];

/** Levels are kept once in so many milliseconds while an ONU is online. */
const kept = 300_000;
/** The server averages a longer span into so many steps. */
const steps = 600;

/** What lies between two measurements when none is missing: the usual distance, never less than a step of the span. */
export function spacing(times: number[], span: number): number {
  const apart = times
    .slice(1)
    .map((at, index) => at - (times[index] ?? at))
    .sort((a, b) => a - b);
  const usual = apart.length < 4 ? 0 : (apart[Math.floor(apart.length / 2)] ?? 0);
  return Math.max(kept, span / steps, usual);
}

/** One line of the picture. Where measurements are missing, the line is broken: the ONU had no light, or nobody asked. */
export function withGaps(points: Level[], name: 'rx_power_dbm' | 'olt_rx_dbm', span: number): Mark[] {
  const times = points.map(({ at }) => Date.parse(at));
  const most = spacing(times, span) * 1.9;
  return points.flatMap((point, index): Mark[] => {
    const at = times[index] ?? 0;
    const before = times[index - 1];
    const mark: Mark = [at, point[name]];
    return before !== undefined && at - before > most ? [[(before + at) / 2, null], mark] : [mark];
  });
}
