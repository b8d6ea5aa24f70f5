const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const bitUnits = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];

function scaled(value: number, units: string[]): string {
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const number = value / 1000 ** power;
  const digits = power === 0 || number >= 100 ? 0 : 1;
  return `${number.toFixed(digits)} ${units[power]}`;
}

/** Decimal units (1 kB = 1000 B), as operators bill. */
export const bytes = (value: number) => scaled(value, byteUnits);

/** A rate in bit/s. */
export const bitRate = (value: number | null | undefined) => (value == null ? '–' : scaled(value, bitUnits));

/** A configured rate in kbit/s. */
export const kbps = (value: number) => scaled(value * 1000, bitUnits);

/** Seconds as the two largest units: `3 d 4 h`, `12 min`, `45 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ];
  const from = parts.findIndex(([count]) => count > 0);
  if (from === -1) {
    return '0 s';
  }
  return parts
    .slice(from, from + 2)
    .filter(([count, unit]) => count > 0 && !(unit === 's' && from < 2))
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

export const count = (value: number) => value.toLocaleString('en');
