import { useEffect, useState } from 'react';
import type { Session } from '../../api/types';

export type Sample = { at: string; down: number; up: number };
const most = 240;

/** The rates this session reported while the page was open, one per report of the NAS. */
export function useSamples(session: Session): Sample[] {
  const [samples, setSamples] = useState<Sample[]>([]);
  const { updated_at: at, download_bps: down, upload_bps: up } = session;
  useEffect(() => {
    setSamples((known) => (known.at(-1)?.at === at ? known : [...known, { at, down, up }].slice(-most)));
  }, [at, down, up]);
  return samples;
}
