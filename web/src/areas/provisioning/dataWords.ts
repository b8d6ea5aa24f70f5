import { lookup } from '../../messages';

const areas = ['run.data', 'line', 'order', 'subscriber'];

const wordOf = (part: string): string => {
  const [, name = part, index] = /^(.*?)(?:\[(\d+)\])?$/.exec(part) ?? [];
  const word =
    areas.map((area) => lookup(`${area}.${name}`)).find(Boolean) ??
    name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
  return index ? `${word} ${index}` : word;
};

/** What a path of a step's data is called: `ipv4.network` is "IPv4: Network"; what has no word is told by its own name. */
export const pathWords = (path: string) => path.split('.').map(wordOf).join(': ');

export type Kind =
  | 'rate'
  | 'light'
  | 'seconds'
  | 'time'
  | 'flag'
  | 'onu'
  | 'subscriber'
  | 'plan'
  | 'site'
  | 'address'
  | 'code'
  | 'text';

const isUuid = (value: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
const isAddress = (value: string) =>
  /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value) || /^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*(\/\d{1,3})?$/.test(value);
const isMoment = (value: string) => /^\d{4}-\d\d-\d\dT/.test(value);

const ids: Record<string, Kind> = {
  subscriber_id: 'subscriber',
  plan_id: 'plan',
  bandwidth_profile_id: 'plan',
  site_id: 'site',
};
const units: [ending: RegExp, kind: Kind][] = [
  [/_kbps$/, 'rate'],
  [/_dbm$/, 'light'],
  [/(^|_)(timeout|interval)$/, 'seconds'],
];

/** What kind of thing a value is, so that it is shown with its unit, as a time, or as a link to what it names. */
export function kindOf(path: string, value: string): Kind {
  const name = (path.split('.').at(-1) ?? '').replace(/\[\d+\]$/, '');
  if (value === 'true' || value === 'false') {
    return 'flag';
  }
  if (isMoment(value)) {
    return 'time';
  }
  const unit = units.find(([ending]) => ending.test(name));
  if (unit && Number.isFinite(Number(value))) {
    return unit[1];
  }
  if (isUuid(value)) {
    return ids[name] ?? 'code';
  }
  if (/^(onu_)?serial$|^retired$/.test(name)) {
    return 'onu';
  }
  if (!name.includes('mac') && isAddress(value)) {
    return 'address';
  }
  return /(^|_)(key|id)$/.test(name) ? 'code' : 'text';
}
