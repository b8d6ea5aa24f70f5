import { t } from '../../messages';
import { duration, kbps } from '../../shared/format';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';
import { Time } from '../../shared/time';
import { kindOf } from './dataWords';

/** One value of a step's data: with its unit, as a time, or as a link to what it names. */
export function DataValue({ path, value }: { path: string; value: string }) {
  const may = { pon: useCan('isp.network.pon.read'), ipam: useCan('isp.ipam.read'), lines: useCan('isp.radius.read') };
  const kind = kindOf(path, value);
  const plain = value.replace(/\/(32|128)$/, '');
  switch (kind) {
    case 'rate':
      return <>{kbps(Number(value))}</>;
    case 'light':
      return <>{Number(value).toFixed(1)} dBm</>;
    case 'seconds':
      return <>{duration(Number(value))}</>;
    case 'time':
      return <Time at={value} />;
    case 'flag':
      return <>{t(value === 'true' ? 'run.data.yes' : 'run.data.no')}</>;
    case 'onu':
      return may.pon ? (
        <TextLink to="/pon/onus/$serial" params={{ serial: value }} inherit className="mono">
          {value}
        </TextLink>
      ) : (
        <span className="mono">{value}</span>
      );
    case 'subscriber':
      return may.lines ? (
        <TextLink to="/subscribers/$key" params={{ key: value }} inherit className="mono">
          {value}
        </TextLink>
      ) : (
        <span className="mono">{value}</span>
      );
    case 'plan':
      return may.lines ? (
        <TextLink to="/profiles/$id" params={{ id: value }} inherit className="mono">
          {value}
        </TextLink>
      ) : (
        <span className="mono">{value}</span>
      );
    case 'address':
      return may.ipam ? (
        <TextLink to="/ipam" search={{ tab: 'addresses', who: plain }} inherit className="mono">
          {plain}
        </TextLink>
      ) : (
        <span className="mono">{plain}</span>
      );
    case 'text':
      return <>{value}</>;
    default:
      return <span className="mono">{value}</span>;
  }
}
