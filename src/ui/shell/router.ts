import { createSource, type Observable } from '#app/observable.ts';

/** A place in the app: `/notes/bin` is panel `notes` with rest `['bin']`. */
export interface Route {
  readonly path: string;
  readonly panel: string;
  readonly rest: readonly string[];
}

export interface Router {
  readonly route: Observable<Route>;
  /** Goes to a path of this app. With `replace`, the present place leaves no trace in the browser's history. */
  navigate(path: string, options?: { readonly replace?: boolean }): void;
}

/** Reads a path. Broken escapes mean themselves: any address a person can type leads somewhere. */
export function parsePath(path: string): Route {
  const [panel = '', ...rest] = path.split('/').filter(Boolean).map(decodeSegment);
  return { path, panel, rest };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Routes over the History API: works offline, because the service worker answers every navigation with the shell. */
export function createRouter(page: Window = window): Router {
  const route = createSource(parsePath(page.location.pathname));
  page.addEventListener('popstate', () => route.set(parsePath(page.location.pathname)));
  return {
    route,
    navigate(path, { replace = false } = {}) {
      if (path === route.value.path) return;
      if (replace) page.history.replaceState(null, '', path);
      else page.history.pushState(null, '', path);
      route.set(parsePath(path));
    },
  };
}

/**
 * The path of a plain click on a link of this app, or null: modified clicks, downloads, new windows and files of the
 * server (`/rescue.html`) stay with the browser.
 */
export function pathOfClick(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return null;
  const link = event.composedPath().find((target): target is HTMLAnchorElement => target instanceof HTMLAnchorElement);
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return null;
  if (link.hash || /\.[a-z]+$/.test(link.pathname) || link.pathname.startsWith('/api/')) return null;
  return link.pathname;
}
