import { type FormValue, toForm } from '../../shared/form/values';

export const nasFieldNames = [
  'nasname',
  'shortname',
  'type',
  'vendor',
  'coa_port',
  'nas_identifier',
  'nas_group',
  'radsec_name',
  'message_authenticator_policy',
  'description',
  'enabled',
] as const;
export type NasFieldName = (typeof nasFieldNames)[number];
export type NasValues = Record<NasFieldName | 'secret', FormValue>;

export const emptyNas: NasValues = {
  ...toForm(nasFieldNames, { vendor: 'mikrotik', coa_port: 3799, message_authenticator_policy: 'auto', enabled: true }),
  secret: '',
};
