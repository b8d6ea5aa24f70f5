import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { asProblem } from '../api/problem';
import { auditSearch } from '../areas/audit/search';
import { authTestSearch } from '../areas/authtest/search';
import { bulkSearch } from '../areas/bulk/search';
import { coaSearch } from '../areas/coa/search';
import { decisionsSearch } from '../areas/decisions/search';
import { defaultsSearch } from '../areas/defaults/search';
import { dictionarySearch } from '../areas/dictionary/search';

import { ipamSearch, prefixSearch } from '../areas/ipam/search';

import { jobsSearch } from '../areas/jobs/search';

import { loginSearch } from '../areas/login/search';
import { nasListSearch, nasSearch } from '../areas/nas/search';
import { tenantsSearch } from '../areas/platform/search';
import { oltSearch, onuSearch, ponSearch } from '../areas/pon/search';
import { profileSearch, profilesSearch } from '../areas/profiles/search';
import { newSubscriberSearch, repairsSearch, runsSearch } from '../areas/provisioning/search';
import { reconciliationSearch } from '../areas/reconciliation/search';
import { rolesSearch } from '../areas/roles/search';
import { sessionsSearch } from '../areas/sessions/search';
import { settingsSearch } from '../areas/settings/search';
import { subscriberSearch, subscribersSearch } from '../areas/subscribers/search';
import { upstreamsSearch } from '../areas/upstreams/search';
import { usageSearch } from '../areas/usage/search';
import { usersSearch } from '../areas/users/search';
import { meQuery } from '../shared/me';
import { NotFound } from './NotFound';
import { PageFailed } from './PageFailed';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  component: lazyRouteComponent(() => import('../areas/login/LoginPage'), 'LoginPage'),
});

/** Everything behind the sign-in: nobody signed in means /login?next=…, back here afterwards. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery).catch((error: unknown) => {
      if (asProblem(error).status === 401) {
        throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
      }
      throw error;
    });
    if (me.must_change_password && location.pathname !== '/account') {
      throw redirect({ to: '/account' });
    }
  },
  component: lazyRouteComponent(() => import('./Shell'), 'Shell'),
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('../areas/home/HomePage'), 'HomePage'),
});

const subscribers = createRoute({
  getParentRoute: () => app,
  path: '/subscribers',
  validateSearch: subscribersSearch,
  component: lazyRouteComponent(() => import('../areas/subscribers/SubscribersPage'), 'SubscribersPage'),
});

const subscriber = createRoute({
  getParentRoute: () => app,
  path: '/subscribers/$key',
  validateSearch: subscriberSearch,
  component: lazyRouteComponent(() => import('../areas/subscribers/SubscriberPage'), 'SubscriberPage'),
});

const sessions = createRoute({
  getParentRoute: () => app,
  path: '/sessions',
  validateSearch: sessionsSearch,
  component: lazyRouteComponent(() => import('../areas/sessions/SessionsPage'), 'SessionsPage'),
});

const session = createRoute({
  getParentRoute: () => app,
  path: '/sessions/$id',
  component: lazyRouteComponent(() => import('../areas/sessions/SessionPage'), 'SessionPage'),
});

const upstreams = createRoute({
  getParentRoute: () => app,
  path: '/upstreams',
  validateSearch: upstreamsSearch,
  component: lazyRouteComponent(() => import('../areas/upstreams/UpstreamsPage'), 'UpstreamsPage'),
});

const freeradius = createRoute({
  getParentRoute: () => app,
  path: '/freeradius',
  component: lazyRouteComponent(() => import('../areas/freeradius/FreeRadiusPage'), 'FreeRadiusPage'),
});

const usage = createRoute({
  getParentRoute: () => app,
  path: '/usage',
  validateSearch: usageSearch,
  component: lazyRouteComponent(() => import('../areas/usage/UsagePage'), 'UsagePage'),
});

const decisions = createRoute({
  getParentRoute: () => app,
  path: '/decisions',
  validateSearch: decisionsSearch,
  component: lazyRouteComponent(() => import('../areas/decisions/DecisionsPage'), 'DecisionsPage'),
});

const decision = createRoute({
  getParentRoute: () => app,
  path: '/decisions/$id',
  component: lazyRouteComponent(() => import('../areas/decisions/DecisionPage'), 'DecisionPage'),
});

const authTest = createRoute({
  getParentRoute: () => app,
  path: '/auth-test',
  validateSearch: authTestSearch,
  component: lazyRouteComponent(() => import('../areas/authtest/AuthTestPage'), 'AuthTestPage'),
});

const nasList = createRoute({
  getParentRoute: () => app,
  path: '/nas',
  validateSearch: nasListSearch,
  component: lazyRouteComponent(() => import('../areas/nas/NasListPage'), 'NasListPage'),
});

const nas = createRoute({
  getParentRoute: () => app,
  path: '/nas/$id',
  validateSearch: nasSearch,
  component: lazyRouteComponent(() => import('../areas/nas/NasPage'), 'NasPage'),
});

const nasSafety = createRoute({
  getParentRoute: () => app,
  path: '/nas-safety',
  component: lazyRouteComponent(() => import('../areas/nas/SafetyPage'), 'SafetyPage'),
});

const nasGroups = createRoute({
  getParentRoute: () => app,
  path: '/nas/groups',
  component: lazyRouteComponent(() => import('../areas/nas/GroupsPage'), 'GroupsPage'),
});

const coa = createRoute({
  getParentRoute: () => app,
  path: '/coa',
  validateSearch: coaSearch,
  component: lazyRouteComponent(() => import('../areas/coa/CoaPage'), 'CoaPage'),
});

const ipam = createRoute({
  getParentRoute: () => app,
  path: '/ipam',
  validateSearch: ipamSearch,
  component: lazyRouteComponent(() => import('../areas/ipam/IpamPage'), 'IpamPage'),
});

const ipamPrefix = createRoute({
  getParentRoute: () => app,
  path: '/ipam/prefixes/$id',
  validateSearch: prefixSearch,
  component: lazyRouteComponent(() => import('../areas/ipam/PrefixPage'), 'PrefixPage'),
});

const dictionary = createRoute({
  getParentRoute: () => app,
  path: '/dictionary',
  validateSearch: dictionarySearch,
  component: lazyRouteComponent(() => import('../areas/dictionary/DictionaryPage'), 'DictionaryPage'),
});

const profiles = createRoute({
  getParentRoute: () => app,
  path: '/profiles',
  validateSearch: profilesSearch,
  component: lazyRouteComponent(() => import('../areas/profiles/ProfilesPage'), 'ProfilesPage'),
});

const profile = createRoute({
  getParentRoute: () => app,
  path: '/profiles/$id',
  validateSearch: profileSearch,
  component: lazyRouteComponent(() => import('../areas/profiles/ProfilePage'), 'ProfilePage'),
});

const newSubscriber = createRoute({
  getParentRoute: () => app,
  path: '/provisioning/new',
  validateSearch: newSubscriberSearch,
  component: lazyRouteComponent(() => import('../areas/provisioning/NewSubscriberPage'), 'NewSubscriberPage'),
});

const runs = createRoute({
  getParentRoute: () => app,
  path: '/provisioning/runs',
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => import('../areas/provisioning/RunsPage'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => app,
  path: '/provisioning/runs/$id',
  component: lazyRouteComponent(() => import('../areas/provisioning/RunPage'), 'RunPage'),
});

const jobs = createRoute({
  getParentRoute: () => app,
  path: '/provisioning/jobs',
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import('../areas/jobs/JobsPage'), 'JobsPage'),
});

const profileDefaults = createRoute({
  getParentRoute: () => app,
  path: '/provisioning/defaults',
  validateSearch: defaultsSearch,
  component: lazyRouteComponent(() => import('../areas/defaults/DefaultsPage'), 'DefaultsPage'),
});

const repairs = createRoute({
  getParentRoute: () => app,
  path: '/provisioning/repairs',
  validateSearch: repairsSearch,
  component: lazyRouteComponent(() => import('../areas/provisioning/RepairsPage'), 'RepairsPage'),
});

const reconciliation = createRoute({
  getParentRoute: () => app,
  path: '/reconciliation',
  validateSearch: reconciliationSearch,
  component: lazyRouteComponent(() => import('../areas/reconciliation/ReconciliationPage'), 'ReconciliationPage'),
});

const pon = createRoute({
  getParentRoute: () => app,
  path: '/pon',
  validateSearch: ponSearch,
  component: lazyRouteComponent(() => import('../areas/pon/PonPage'), 'PonPage'),
});

const olt = createRoute({
  getParentRoute: () => app,
  path: '/pon/olts/$id',
  validateSearch: oltSearch,
  component: lazyRouteComponent(() => import('../areas/pon/OltPage'), 'OltPage'),
});

const onu = createRoute({
  getParentRoute: () => app,
  path: '/pon/onus/$serial',
  validateSearch: onuSearch,
  component: lazyRouteComponent(() => import('../areas/pon/OnuPage'), 'OnuPage'),
});

const systems = createRoute({
  getParentRoute: () => app,
  path: '/systems',
  component: lazyRouteComponent(() => import('../areas/systems/SystemsPage'), 'SystemsPage'),
});

const bulk = createRoute({
  getParentRoute: () => app,
  path: '/bulk',
  validateSearch: bulkSearch,
  component: lazyRouteComponent(() => import('../areas/bulk/BulkPage'), 'BulkPage'),
});

const users = createRoute({
  getParentRoute: () => app,
  path: '/users',
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import('../areas/users/UsersPage'), 'UsersPage'),
});

const roles = createRoute({
  getParentRoute: () => app,
  path: '/roles',
  validateSearch: rolesSearch,
  component: lazyRouteComponent(() => import('../areas/roles/RolesPage'), 'RolesPage'),
});

const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../areas/audit/AuditPage'), 'AuditPage'),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import('../areas/settings/SettingsPage'), 'SettingsPage'),
});

const account = createRoute({
  getParentRoute: () => app,
  path: '/account',
  component: lazyRouteComponent(() => import('../areas/account/AccountPage'), 'AccountPage'),
});

const tenants = createRoute({
  getParentRoute: () => app,
  path: '/platform/tenants',
  validateSearch: tenantsSearch,
  component: lazyRouteComponent(() => import('../areas/platform/TenantsPage'), 'TenantsPage'),
});

const tree = root.addChildren([
  login,
  app.addChildren([
    home,
    subscribers,
    subscriber,
    sessions,
    session,
    usage,
    upstreams,
    freeradius,
    decisions,
    decision,
    authTest,
    nasList,
    nas,
    nasSafety,
    nasGroups,
    coa,
    bulk,
    ipam,
    ipamPrefix,
    dictionary,
    profiles,
    profile,
    newSubscriber,
    runs,
    run,
    repairs,
    profileDefaults,
    jobs,
    reconciliation,
    pon,
    olt,
    onu,
    systems,
    users,
    roles,
    audit,
    settings,
    account,
    tenants,
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    // What a page's search.ts does not know or drops as malformed goes from the URL too.
    search: { strict: true },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: PageFailed,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
