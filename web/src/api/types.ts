import type { paths } from './schema';

type Json<R> = R extends { content: { 'application/json': infer B } } ? B : never;
type Success<R> = { [S in keyof R]: S extends 200 | 201 ? Json<R[S]> : never }[keyof R];

/** The body a successful call answers with. */
export type Reply<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends { responses: infer R }
  ? Success<R>
  : never;

/** The body a call is sent with. */
export type Body<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends { requestBody?: infer R }
  ? Json<NonNullable<R>>
  : never;

/** One page of a list. `total` is exact and only there when it was asked for. */
export type Page<T> = { items: T[]; next_cursor?: string | null; total?: number | null };

export type Me = Reply<'/api/v1/auth/me', 'get'>;
/** `has_service`: a run has provisioned it, so that runs change and remove it. */
export type Subscriber = Reply<'/api/v1/subscribers/{key}', 'get'> & { has_service?: boolean };
export type Session = Reply<'/api/v1/radius/sessions/{id}', 'get'>;
export type Decision = Reply<'/api/v1/radius/decisions', 'get'>['items'][number];
export type Usage = Reply<'/api/v1/subscribers/{key}/usage', 'get'>;
export type DisconnectResult = Reply<'/api/v1/radius/sessions/disconnect', 'post'>['results'][number];
export type Nas = Reply<'/api/v1/radius/nas/{id}', 'get'>;
export type Profile = Reply<'/api/v1/radius/bandwidth-profiles/{id}', 'get'>;
export type User = Reply<'/api/v1/users/{id}', 'get'>;
export type Role = Reply<'/api/v1/roles/{id}', 'get'>;
export type Permission = Reply<'/api/v1/permissions', 'get'>['items'][number];
export type ApiKey = Reply<'/api/v1/api-keys', 'get'>['items'][number];
export type AuditEntry = Reply<'/api/v1/audit', 'get'>['items'][number];
export type Dashboard = Reply<'/api/v1/dashboard', 'get'>;
export type PlatformTenant = Reply<'/api/v1/platform/tenants/{id}', 'get'>;
export type NetworkProfile = Reply<'/api/v1/network/subscribers/{key}/profile', 'get'>;
export type Flag = Reply<'/api/v1/tenant/flags', 'get'>['items'][number];
