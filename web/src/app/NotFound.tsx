import { Center } from '@mantine/core';
import { t } from '../messages';
import { ButtonLink } from '../shared/links';
import { Page } from '../shared/Page';

export function NotFound() {
  return (
    <Center component="main" mih="60vh">
      <Page title={t('app.notFound')} lead={t('app.notFoundHint')}>
        <ButtonLink to="/">{t('app.toHome')}</ButtonLink>
      </Page>
    </Center>
  );
}
