import { t } from '../../messages';
import { State } from '../State';
import type { StreamState } from './useEventStream';

/** Says whether what is on screen is live; announced when it changes. */
export function LiveMark({ state }: { state: StreamState }) {
  const tone = state === 'live' ? 'ok' : state === 'stale' ? 'bad' : 'idle';
  return (
    <span role="status" data-testid="live-mark" data-state={state}>
      <State tone={tone}>{t(`is.${state}`)}</State>
    </span>
  );
}
