import type { ReactNode } from 'react';
import type { Me } from '../api/types';
import { ZoneContext } from '../shared/time';

/** Times inside are shown in the tenant's zone. */
export function TenantZone({ me, children }: { me: Me; children: ReactNode }) {
  return <ZoneContext value={me.tenant.time_zone}>{children}</ZoneContext>;
}
