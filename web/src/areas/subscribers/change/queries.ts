import { api, take } from '../../../api/client';
import type { NetworkBody } from './fields';

const at = (key: string) => ({ params: { path: { key } } });

export const changeNetwork = (id: string, body: NetworkBody) =>
  take(api.POST('/api/v1/subscribers/{key}/change-network', { ...at(id), body }));

export const deprovision = (id: string, reason: string | null) =>
  take(api.POST('/api/v1/provisioning/subscribers/{key}/deprovision', { ...at(id), body: { reason } }));
