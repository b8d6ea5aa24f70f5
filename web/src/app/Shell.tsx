import { AppShell, Box, Burger, Group, LoadingOverlay, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { t } from '../messages';
import { TextLink } from '../shared/links';
import { useMe } from '../shared/me';
import { Forbidden } from './Forbidden';
import { Logo } from './Logo';
import { Navigation } from './Navigation';
import { missingFor } from './nav';
import { SearchButton } from './SearchButton';
import classes from './Shell.module.css';
import { TenantZone } from './TenantZone';
import { UserMenu } from './UserMenu';

export function Shell() {
  const me = useMe();
  const [opened, menu] = useDisclosure(false);
  const path = useLocation({ select: (location) => location.pathname });
  const missing = missingFor(me, path);
  const pending = useRouterState({ select: (state) => state.status === 'pending' });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes because the page changed
  useEffect(menu.close, [path]);

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
      classNames={{ header: classes.header, navbar: classes.navbar }}
    >
      <a href="#main" className="skip-link">
        {t('app.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('app.openMenu')}
              aria-expanded={opened}
            />
            <TextLink to="/" underline="never" c="inherit" aria-label={t('app.name')}>
              <Group gap={8} wrap="nowrap">
                <Logo />
                <Text fw={650} visibleFrom="xs" className={classes.name}>
                  {t('app.name')}
                </Text>
              </Group>
            </TextLink>
            <Text size="xs" c="dimmed" truncate maw={180} data-testid="tenant">
              {me.tenant.name}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <SearchButton />
            <UserMenu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar data-opened={opened} aria-label={t('app.navigation')}>
        <Navigation me={me} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Box pos="relative" maw={1500}>
          <LoadingOverlay
            visible={pending}
            overlayProps={{ backgroundOpacity: 0 }}
            loaderProps={{ 'aria-label': t('app.loading') }}
          />
          <TenantZone me={me}>{missing ? <Forbidden permission={missing} /> : <Outlet />}</TenantZone>
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}
