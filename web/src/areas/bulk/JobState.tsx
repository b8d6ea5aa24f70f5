import { lookup } from '../../messages';
import { State } from '../../shared/State';
import type { Job } from './queries';

const tones = { running: 'warn', paused: 'idle', completed: 'ok', stopped: 'bad', cancelled: 'idle' } as const;

export const JobState = ({ job }: { job: Job }) => (
  <State tone={tones[job.state as keyof typeof tones] ?? 'idle'} testId="job-state">
    {lookup(`bulk.state.${job.state}`) ?? job.state}
  </State>
);
