import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { Problem } from '../../api/problem';
import { t } from '../../messages';
import { meQuery, useMe } from '../../shared/me';
import { repairMany } from './queries';
import { mendingStore } from './sending';

/** They live as long as the tab's page: sending goes on while other screens are looked at. */
const stores = new Map<string, ReturnType<typeof mendingStore>>();

/** The latest repair of many of this tab and of who is signed in. */
export function useMending() {
  const { tenant, email } = useMe();
  const queries = useQueryClient();
  const name = `dotmac-repairs-${tenant.slug}-${email}`;
  let store = stores.get(name);
  if (!store) {
    store = mendingStore(name, async (of, key) => {
      // Who confirmed it, and nobody who has signed in since, be it in another tab: so it is asked anew.
      const me = await queries.fetchQuery({ ...meQuery, staleTime: 0 });
      if (me.email !== email || me.tenant.slug !== tenant.slug) {
        throw new Problem({ status: 401, code: 'console.signed_out', title: t('repairs.otherPerson') });
      }
      return repairMany(of, key);
    });
    stores.set(name, store);
  }
  return { ...useSyncExternalStore(store.subscribe, store.now), ...store };
}
