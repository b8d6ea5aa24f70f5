import { useLocalStorage } from '@mantine/hooks';
import { useMe } from '../me';

/** A list as somebody wants to find it again: its filters and sort as the URL has them, and its columns. */
export type SavedView = { name: string; search: Record<string, unknown>; columns?: string[] };

/** What of a URL belongs into a view: not the page one happens to be on, nor what is open beside the list. */
export function viewOf(search: object): Record<string, unknown> {
  const { cursor: _cursor, create: _create, ...kept } = search as Record<string, unknown>;
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

/** With the view under its name: in the place of one that had the name already, else at the end. */
export function withView(views: SavedView[], view: SavedView): SavedView[] {
  const at = views.findIndex((one) => one.name === view.name);
  return at === -1 ? [...views, view] : views.with(at, view);
}

export const sameView = (a: object, b: object) => {
  const text = (of: object) =>
    JSON.stringify(Object.entries(viewOf(of)).sort(([one], [other]) => (one < other ? -1 : 1)));
  return text(a) === text(b);
};

/** The views of the person who is signed in, by list. They are kept in this browser: the server has no place for them yet. */
export function useSavedViews(list: string) {
  const me = useMe();
  const [views, setViews] = useLocalStorage<SavedView[]>({
    key: `dotmac-views-${me.tenant.slug}-${me.email}-${list}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  return {
    views,
    save: (view: SavedView) => setViews((now) => withView(now, view)),
    remove: (name: string) => setViews((now) => now.filter((one) => one.name !== name)),
  };
}
