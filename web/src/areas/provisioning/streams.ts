import { useThrottledCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { type StreamState, useEventStream } from '../../shared/live/useEventStream';
import { type Run, runQuery, useRunsChanged } from './queries';

/** Follows one run: each event is the run as it stands. */
export function useRunStream(id: string, enabled: boolean): StreamState {
  const queries = useQueryClient();
  return useEventStream(enabled ? `/api/v1/provisioning/runs/${id}/stream` : null, {
    events: { run: (data) => queries.setQueryData(runQuery(id).queryKey, data as Run) },
    reconnected: () => void queries.invalidateQueries({ queryKey: runQuery(id).queryKey }),
  });
}

/** Follows the runs of the tenant: a change asks for the lists again, at most twice a second. */
export function useRunsStream(): StreamState {
  const changed = useRunsChanged();
  const reload = useThrottledCallback(() => void changed(), 500);
  return useEventStream('/api/v1/provisioning/runs/stream', { events: { run: reload }, reconnected: reload });
}
