import { compact, flag, oneOf, type RawSearch, text } from '../../shared/search';

/** `job` and `chain` are what is open beside the list; `create` is the form for a new one of the tab. */
export const jobsSearch = (raw: RawSearch) =>
  compact({
    tab: oneOf(['chains'], raw.tab),
    job: text(raw.job),
    chain: text(raw.chain),
    create: flag(raw.create) || undefined,
    cursor: text(raw.cursor),
  });
