import { compact, flag, type RawSearch, text } from '../../shared/search';

/** `create` opens the form, `job` the drawer of one. */
export const bulkSearch = (raw: RawSearch) =>
  compact({
    create: flag(raw.create) || undefined,
    job: text(raw.job),
    cursor: text(raw.cursor),
  });

export const kinds = ['suspend', 'resume', 'change_plan', 'change_network', 'deprovision'] as const;
export type Kind = (typeof kinds)[number];
