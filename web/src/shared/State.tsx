import type { ReactNode } from 'react';
import { t } from '../messages';
import classes from './State.module.css';

type Tone = 'ok' | 'warn' | 'bad' | 'idle' | 'plain';

/** A state as a word with a shape; colour is never the only carrier. The usual state is `plain`, so that others stand out. */
export function State({ tone, children, testId }: { tone: Tone; children: ReactNode; testId?: string }) {
  return (
    <span className={classes.state} data-tone={tone} data-testid={testId}>
      {tone !== 'plain' && <span className={classes.dot} aria-hidden="true" />}
      {children}
    </span>
  );
}

export const Presence = ({ online }: { online: boolean }) => (
  <State tone={online ? 'ok' : 'idle'} testId="presence">
    {online ? t('is.online') : t('is.offline')}
  </State>
);

export const Enabled = ({ enabled }: { enabled: boolean }) => (
  <State tone={enabled ? 'plain' : 'warn'} testId="enabled">
    {enabled ? t('is.enabled') : t('is.disabled')}
  </State>
);
