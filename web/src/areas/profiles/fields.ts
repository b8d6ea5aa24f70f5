import { type FormValue, toForm } from '../../shared/form/values';

export const profileFieldNames = [
  'name',
  'description',
  'download_rate_kbps',
  'upload_rate_kbps',
  'download_burst_kbps',
  'upload_burst_kbps',
  'burst_threshold_percent',
  'burst_time_seconds',
  'priority',
  'vendor_profile_name',
  'allowed_nas_groups',
] as const;
export type ProfileFieldName = (typeof profileFieldNames)[number];
export type ProfileValues = Record<ProfileFieldName, FormValue>;

export const emptyProfile = toForm(profileFieldNames, { allowed_nas_groups: [] });
