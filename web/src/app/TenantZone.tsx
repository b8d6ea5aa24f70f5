import { type ReactNode, useContext } from 'react';
import type { Me } from '../api/types';
import { ZoneContext } from '../shared/time';

/** Times inside are shown in the tenant's zone; the browser's own until the server names one. */
export function TenantZone({ me, children }: { me: Me; children: ReactNode }) {
  const own = useContext(ZoneContext);
  return <ZoneContext value={me.tenant.time_zone ?? own}>{children}</ZoneContext>;
}
