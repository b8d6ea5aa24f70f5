import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { whenSignedOut } from '../api/client';
import { asProblem } from '../api/problem';
import { createAppRouter } from './router';
import { styleNonce } from './styleNonce';
import { cssVariables, theme } from './theme';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is an answer; only a missing or broken answer is worth asking again.
      retry: (failures, error) => failures < 2 && (asProblem(error).status === 0 || asProblem(error).status >= 502),
    },
  },
});
const router = createAppRouter(queries);
const colourScheme = localStorageColorSchemeManager({ key: 'dotmac-color-scheme' });

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname !== '/login') {
    queries.clear();
    void router.navigate({ to: '/login', search: { next: href } });
  }
});

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colourScheme}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <Notifications position="bottom-right" limit={3} />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
