import type { App } from '#app/app.ts';
import type { IconName } from '#ui/parts/icon.ts';
import type { Route } from '#ui/shell/router.ts';
import type { Shell } from '#ui/shell/shell.ts';

/** The keys of a command. */
export interface Shortcut {
  readonly command: string;
  /** `Mod` is Ctrl, on a Mac Command. `App` is Ctrl+Alt, on a Mac Control+Shift. Letters and digits mean their key. */
  readonly keys: string;
}

/** Keys that count in one place only, where they are handled, for the shortcut sheet. */
export interface LocalKeys {
  readonly place: string;
  readonly rows: readonly { readonly label: string; readonly keys: string }[];
}

/** What the shell knows of a surface before its code is loaded. Each panel declares it in its own `*-panel.ts`. */
export interface Panel {
  /** The first segment of its paths, and its name in tabs. */
  readonly id: string;
  /** The name of its link. */
  readonly label: string;
  readonly icon: IconName;
  /** Where its link is: `main` in order, `end` at the foot of the rail. */
  readonly slot: 'main' | 'end';
  readonly order: number;
  /** The custom element, defined by `load`. */
  readonly element: string;
  readonly load: () => Promise<unknown>;
  /** The kind whose entities open as tabs at `/<panel>/<id>`. */
  readonly documents?: string;
  /** Other words that lead to the command which makes one. */
  readonly newWords?: string;
  /** Keys of its commands: `new-<kind>`, and those of the `commands.ts` in its folder. */
  readonly keys?: readonly Shortcut[];
  /** Where the app opens when nothing else is asked for. One panel says so. */
  readonly isHome?: true;
  /** Takes what other programs share with the app. One panel does. */
  readonly loadShared?: () => Promise<{ readonly takeShared: (app: App, shell: Shell) => Promise<void> }>;
  /** A button that is in the shell, wherever the person is. `command` gives it its keys. */
  readonly action?: { readonly label: string; readonly icon: IconName; readonly path: string; readonly command: string };
}

/** A panel's element: an `AppPart` with the route that the shell sets. */
export interface PanelElement extends HTMLElement {
  route: Route;
}

export function definePanel(panel: Panel): Panel {
  return panel;
}
