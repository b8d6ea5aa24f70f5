import { t } from '../messages';
import { Page } from '../shared/Page';

/** Says why a page stays closed, and who can open it. */
export function Forbidden({ permission }: { permission: string }) {
  return (
    <Page title={t('problem.forbidden')} lead={t('problem.noPermission', { permission })}>
      {null}
    </Page>
  );
}
