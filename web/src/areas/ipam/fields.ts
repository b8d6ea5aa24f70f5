import { t } from '../../messages';
import type { Field } from './RecordEditor';

type Option = { value: string; label: string };
const words = (
  prefix: 'ipam.prefixStatus' | 'ipam.poolStatus' | 'ipam.siteStatus' | 'ipam.vlanStatus' | 'ipam.type',
  values: string[],
) => values.map((value) => ({ value, label: t(`${prefix}.${value}` as Parameters<typeof t>[0]) }));

const description = (): Field => ({ name: 'description', label: t('ipam.description'), kind: 'area' });
const siteField = (sites: Option[], onlyNew = false): Field => ({
  name: 'site_id',
  label: t('ipam.site'),
  kind: 'select',
  options: sites,
  onlyNew,
});
const groupField = (groups: Option[]): Field => ({
  name: 'group_id',
  label: t('ipam.group'),
  kind: 'select',
  options: groups,
});
const vrfField = (vrfs: Option[]): Field => ({
  name: 'vrf_id',
  label: t('ipam.vrf'),
  kind: 'select',
  options: vrfs,
  hint: t('ipam.vrf.hint'),
  onlyNew: true,
});
const poolStatus = (): Field => ({
  name: 'status',
  label: t('ipam.status'),
  kind: 'select',
  options: words('ipam.poolStatus', ['active', 'reserved', 'maintenance']),
  required: true,
  start: 'active',
});

export const prefixFields = (vrfs: Option[], sites: Option[]): Field[] => [
  { name: 'prefix', label: t('ipam.prefix'), required: true, mono: true, placeholder: '100.64.0.0/16', onlyNew: true },
  vrfField(vrfs),
  {
    name: 'status',
    label: t('ipam.status'),
    kind: 'select',
    options: words('ipam.prefixStatus', ['container', 'active', 'reserved', 'deprecated']),
    required: true,
    start: 'active',
    hint: t('ipam.prefixStatus.hint'),
  },
  siteField(sites),
  { name: 'role', label: t('ipam.role'), placeholder: 'access' },
  { name: 'is_pool', label: t('ipam.isPool'), kind: 'switch', hint: t('ipam.isPool.hint') },
  description(),
];

export const poolFields = (vrfs: Option[], sites: Option[]): Field[] => [
  { name: 'name', label: t('ipam.name'), required: true },
  {
    name: 'type',
    label: t('ipam.type'),
    kind: 'select',
    options: words('ipam.type', ['ipv4_private', 'ipv4_public', 'ipv6_address', 'ipv6_pd']),
    required: true,
    start: 'ipv4_private',
    onlyNew: true,
  },
  {
    name: 'network',
    label: t('ipam.network'),
    required: true,
    mono: true,
    placeholder: '100.64.0.0/16',
    hint: t('ipam.network.hint'),
    onlyNew: true,
  },
  {
    name: 'delegation_length',
    label: t('ipam.delegationLength'),
    kind: 'number',
    hint: t('ipam.delegationLength.hint'),
    onlyNew: true,
  },
  { name: 'first', label: t('ipam.first'), mono: true, onlyNew: true },
  { name: 'last', label: t('ipam.last'), mono: true, onlyNew: true },
  vrfField(vrfs),
  siteField(sites),
  { name: 'gateway', label: t('ipam.gateway'), mono: true },
  { name: 'dns_servers', label: t('ipam.dns'), kind: 'tags' },
  poolStatus(),
  {
    name: 'quarantine_seconds',
    label: t('ipam.quarantine'),
    kind: 'number',
    start: 300,
    hint: t('ipam.quarantine.hint'),
  },
  { name: 'warn_percent', label: t('ipam.warn'), kind: 'number', start: 90 },
  { name: 'is_default', label: t('ipam.isDefault'), kind: 'switch', hint: t('ipam.isDefault.hint') },
  description(),
];

export const vlanPoolFields = (sites: Option[], groups: Option[]): Field[] => [
  { name: 'name', label: t('ipam.name'), required: true },
  groupField(groups),
  siteField(sites, true),
  { name: 'is_qinq', label: t('ipam.qinq'), kind: 'switch', hint: t('ipam.qinq.hint'), onlyNew: true },
  {
    name: 'lines_per_vlan',
    label: t('ipam.linesPerVlan'),
    kind: 'number',
    start: 1,
    hint: t('ipam.linesPerVlan.hint'),
    onlyNew: true,
  },
  {
    name: 'service_first',
    label: t('ipam.serviceFirst'),
    kind: 'number',
    required: true,
    hint: t('ipam.vid.hint'),
    onlyNew: true,
  },
  { name: 'service_last', label: t('ipam.serviceLast'), kind: 'number', required: true, onlyNew: true },
  {
    name: 'inner_first',
    label: t('ipam.innerFirst'),
    kind: 'number',
    hint: t('ipam.innerFirst.hint'),
    onlyNew: true,
  },
  { name: 'inner_last', label: t('ipam.innerLast'), kind: 'number', onlyNew: true },
  poolStatus(),
  {
    name: 'quarantine_seconds',
    label: t('ipam.quarantine'),
    kind: 'number',
    start: 0,
    hint: t('ipam.quarantine.hint'),
  },
  { name: 'warn_percent', label: t('ipam.warn'), kind: 'number', start: 90 },
  { name: 'is_default', label: t('ipam.isDefault'), kind: 'switch', hint: t('ipam.isDefault.hint') },
  description(),
];

export const vlanFields = (sites: Option[], groups: Option[]): Field[] => [
  { name: 'vid', label: t('ipam.vid'), kind: 'number', required: true, hint: t('ipam.vid.hint') },
  { name: 'name', label: t('ipam.name'), required: true },
  groupField(groups),
  siteField(sites),
  {
    name: 'status',
    label: t('ipam.status'),
    kind: 'select',
    options: words('ipam.vlanStatus', ['active', 'reserved', 'deprecated']),
    required: true,
    start: 'active',
  },
  { name: 'role', label: t('ipam.role') },
  description(),
];

export const vlanGroupFields = (sites: Option[]): Field[] => [
  { name: 'name', label: t('ipam.name'), required: true },
  siteField(sites),
  description(),
];

export const vrfFields = (): Field[] => [
  { name: 'name', label: t('ipam.name'), required: true },
  { name: 'rd', label: t('ipam.rd'), mono: true, placeholder: '64500:1' },
  description(),
];

export const siteFields = (sites: Option[]): Field[] => [
  { name: 'name', label: t('ipam.name'), required: true },
  { name: 'slug', label: t('ipam.slug'), mono: true, hint: t('ipam.slug.hint') },
  { name: 'parent_id', label: t('ipam.parent'), kind: 'select', options: sites },
  {
    name: 'status',
    label: t('ipam.status'),
    kind: 'select',
    options: words('ipam.siteStatus', ['planned', 'active', 'retired']),
    required: true,
    start: 'active',
  },
  { name: 'latitude', label: t('ipam.latitude'), kind: 'number' },
  { name: 'longitude', label: t('ipam.longitude'), kind: 'number' },
  { name: 'facility', label: t('ipam.facility') },
  { name: 'physical_address', label: t('ipam.address') },
  { name: 'time_zone', label: t('ipam.timeZone'), placeholder: 'Africa/Lagos' },
  description(),
];

/** Within a prefix nothing is chosen but the address, and that only if one likes. */
export const takeInFields = (prefix: string): Field[] =>
  takeFields([], false)
    .filter((field) => field.name !== 'kind' && field.name !== 'pool')
    .map((field) =>
      field.name === 'address'
        ? { ...field, hint: t('ipam.given.inPrefix', { prefix }), placeholder: undefined }
        : field,
    );

export const takeFields = (pools: Option[], kept: boolean): Field[] => [
  { name: 'address', label: t('ipam.given'), mono: true, hint: t('ipam.given.hint'), placeholder: '100.64.3.7' },
  {
    name: 'kind',
    label: t('ipam.kind'),
    kind: 'select',
    options: (['ipv4', 'ipv6', 'delegated_prefix'] as const).map((value) => ({
      value,
      label: t(`ipam.kind.${value}`),
    })),
    hint: t('ipam.kind.hint'),
  },
  { name: 'pool', label: t('ipam.pool'), kind: 'select', options: pools, hint: t('ipam.pool.hint') },
  { name: 'label', label: t('ipam.label'), required: kept, hint: t('ipam.label.hint') },
  ...(kept
    ? [{ name: 'days', label: t('ipam.days'), kind: 'number' as const, start: 7, hint: t('ipam.days.hint') }]
    : [{ name: 'dns_name', label: t('ipam.dnsName'), mono: true }]),
  description(),
];
