import {
  IconActivity,
  IconAdjustmentsHorizontal,
  IconArrowFork,
  IconBarrierBlock,
  IconBolt,
  IconBook2,
  IconBuilding,
  IconChartAreaLine,
  IconClockPlay,
  IconGauge,
  IconHistory,
  IconHome,
  IconNetwork,
  IconPlug,
  IconPlugConnected,
  IconRouter,
  IconScale,
  IconSettings,
  IconShield,
  IconShieldCheck,
  IconSitemap,
  IconStack2,
  IconTestPipe,
  IconTimeline,
  IconTool,
  IconUserCog,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import type { Me } from '../api/types';
import type { MessageKey } from '../messages';

export type NavItem = {
  to:
    | '/'
    | '/subscribers'
    | '/sessions'
    | '/nas'
    | '/profiles'
    | '/decisions'
    | '/auth-test'
    | '/usage'
    | '/dictionary'
    | '/nas-safety'
    | '/coa'
    | '/upstreams'
    | '/freeradius'
    | '/provisioning/new'
    | '/provisioning/runs'
    | '/provisioning/repairs'
    | '/bulk'
    | '/ipam'
    | '/provisioning/jobs'
    | '/provisioning/defaults'
    | '/reconciliation'
    | '/pon'
    | '/systems'
    | '/users'
    | '/roles'
    | '/audit'
    | '/settings'
    | '/platform/tenants';
  label: MessageKey;
  icon: typeof IconHome;
  needs?: string;
};
export type NavGroup = { label?: MessageKey; items: NavItem[] };

const groups: NavGroup[] = [
  { items: [{ to: '/', label: 'nav.home', icon: IconHome, needs: 'dashboard.read' }] },
  {
    label: 'nav.group.access',
    items: [
      { to: '/subscribers', label: 'nav.subscribers', icon: IconUsers, needs: 'isp.radius.read' },
      { to: '/sessions', label: 'nav.sessions', icon: IconActivity, needs: 'isp.radius.read' },
      { to: '/coa', label: 'nav.coa', icon: IconBolt, needs: 'isp.radius.read' },
      { to: '/nas', label: 'nav.nas', icon: IconRouter, needs: 'isp.radius.read' },
      { to: '/usage', label: 'nav.usage', icon: IconChartAreaLine, needs: 'isp.radius.read' },
      { to: '/profiles', label: 'nav.profiles', icon: IconGauge, needs: 'isp.radius.read' },
    ],
  },
  {
    label: 'nav.group.provisioning',
    items: [
      { to: '/provisioning/new', label: 'nav.newSubscriber', icon: IconUserPlus, needs: 'isp.oss.configure' },
      { to: '/provisioning/runs', label: 'nav.runs', icon: IconTimeline, needs: 'isp.oss.read' },
      { to: '/provisioning/repairs', label: 'nav.repairs', icon: IconTool, needs: 'isp.oss.read' },
      { to: '/provisioning/jobs', label: 'nav.jobs', icon: IconClockPlay, needs: 'isp.oss.read' },
      { to: '/reconciliation', label: 'nav.reconciliation', icon: IconScale, needs: 'isp.oss.read' },
      { to: '/bulk', label: 'nav.bulk', icon: IconStack2, needs: 'isp.oss.read' },
      {
        to: '/provisioning/defaults',
        label: 'nav.defaults',
        icon: IconAdjustmentsHorizontal,
        needs: 'isp.radius.read',
      },
    ],
  },
  {
    label: 'nav.group.network',
    items: [
      { to: '/ipam', label: 'nav.ipam', icon: IconNetwork, needs: 'isp.ipam.read' },
      { to: '/pon', label: 'nav.pon', icon: IconSitemap, needs: 'isp.network.pon.read' },
    ],
  },
  {
    label: 'nav.group.diagnose',
    items: [
      { to: '/decisions', label: 'nav.decisions', icon: IconBarrierBlock, needs: 'isp.radius.read' },
      { to: '/nas-safety', label: 'nav.safety', icon: IconShieldCheck, needs: 'isp.radius.read' },
      { to: '/auth-test', label: 'nav.authTest', icon: IconTestPipe, needs: 'isp.radius.write' },
      { to: '/dictionary', label: 'nav.dictionary', icon: IconBook2, needs: 'isp.radius.read' },
    ],
  },
  {
    label: 'nav.group.adapters',
    items: [
      { to: '/upstreams', label: 'nav.upstreams', icon: IconArrowFork, needs: 'isp.radius.read' },
      { to: '/freeradius', label: 'nav.freeradius', icon: IconPlugConnected, needs: 'isp.radius.read' },
      { to: '/systems', label: 'nav.systems', icon: IconPlug, needs: 'isp.oss.read' },
    ],
  },
  {
    label: 'nav.group.administration',
    items: [
      { to: '/users', label: 'nav.users', icon: IconUserCog, needs: 'users.read' },
      { to: '/roles', label: 'nav.roles', icon: IconShield, needs: 'roles.read' },
      { to: '/audit', label: 'nav.audit', icon: IconHistory, needs: 'audit.read' },
      { to: '/settings', label: 'nav.settings', icon: IconSettings, needs: 'settings.read' },
    ],
  },
  {
    label: 'nav.group.platform',
    items: [{ to: '/platform/tenants', label: 'nav.tenants', icon: IconBuilding, needs: 'platform.tenants.read' }],
  },
];

/** The permission that this user lacks for the page at the path; undefined when he may open it. */
export function missingFor(me: Me, path: string): string | undefined {
  const item = groups
    .flatMap((group) => group.items)
    .find(({ to }) => path === to || (to !== '/' && path.startsWith(`${to}/`)));
  return item?.needs && !me.permissions.includes(item.needs) ? item.needs : undefined;
}

/** The areas this user may open; empty groups fall away. */
export function navFor(me: Me): NavGroup[] {
  return groups
    .map((group) => ({
      ...group,
      items: group.items.filter((item) => !item.needs || me.permissions.includes(item.needs)),
    }))
    .filter((group) => group.items.length > 0);
}
