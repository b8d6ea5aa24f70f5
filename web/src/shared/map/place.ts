/** A point on the ground, WGS 84, in degrees. */
export type Place = { latitude: number; longitude: number };

const pair = /^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/;

/** Reads `6.4541, 3.3947` as people paste it from elsewhere: latitude first. */
export function readPlace(text: string): Place | undefined {
  const found = pair.exec(text.replace(/[°NE]/gi, ' ').trim());
  if (!found) {
    return undefined;
  }
  const latitude = Number(found[1]?.replace(',', '.'));
  const longitude = Number(found[2]?.replace(',', '.'));
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** Six decimals are a tenth of a metre; the database keeps no more. */
export const rounded = ({ latitude, longitude }: Place): Place => ({
  latitude: Math.round(latitude * 1e6) / 1e6,
  longitude: Math.round(longitude * 1e6) / 1e6,
});

/** Degrees between the lines of a graticule so that a few of them cross a window of this width in degrees. */
export function graticuleStep(degreesAcross: number): number {
  const wanted = degreesAcross / 5;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((one) => one * power >= wanted) ?? 10;
  return Math.min(30, step * power);
}

/** Multiples of the step within the range. */
export function graticuleLines(from: number, to: number, step: number): number[] {
  const lines: number[] = [];
  for (let n = Math.ceil(from / step); n * step <= to && lines.length < 60; n++) {
    lines.push(Number((n * step).toPrecision(12)));
  }
  return lines;
}

/** `6.45° N`: as many decimals as the step needs. */
export function degrees(value: number, axis: 'latitude' | 'longitude', step: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const letter = axis === 'latitude' ? (value < 0 ? 'S' : 'N') : value < 0 ? 'W' : 'E';
  return `${Math.abs(value).toFixed(digits)}° ${letter}`;
}
