import { t } from '../../messages';
import classes from './Utilisation.module.css';

/** How full something is: a bar, and the number beside it. */
export function Utilisation({ percent, warn = 90, of }: { percent: number; warn?: number; of: string }) {
  const shown = percent > 0 && percent < 0.1 ? '< 0.1' : percent.toFixed(percent < 10 ? 1 : 0);
  return (
    <span className={classes.row} title={of}>
      <span className={classes.track} aria-hidden="true">
        <span
          className={classes.bar}
          data-tone={percent >= 100 ? 'bad' : percent >= warn ? 'warn' : 'ok'}
          style={{ width: `${Math.min(100, percent)}%` }}
        />
      </span>
      <span className="num">{t('ipam.utilised', { percent: shown })}</span>
    </span>
  );
}
