import type { App } from '#app/app.ts';
import type { Observable, Source } from '#app/observable.ts';
import type { Layout } from './layout.ts';
import type { Route } from './router.ts';

/** A message that comes and goes. With `undo` it stays long enough to be reached. */
export interface Notice {
  readonly text: string;
  readonly tone?: 'plain' | 'bad';
  readonly undo?: () => void;
  /** More than a line: it stays long enough to be read. */
  readonly isLong?: boolean;
  /** What its button says, where that is not *Undo*. */
  readonly undoLabel?: string;
}

/** A question before something that cannot be taken back. `confirm` names the act: "Delete 3 notes". */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** What will be affected, by name. */
  readonly items?: readonly string[];
  readonly confirm: string;
  readonly tone?: 'plain' | 'danger';
}

/** The command palette, the full text search, the sheet of all shortcuts, what a phone's bar has no room for, and the names
 * that documents of a kind carry. */
export type DialogName = 'palette' | 'search' | 'shortcuts' | 'more' | 'names';

/** Whether the open document is to take the focus; asked when it can. `place` is what its address calls it. */
export function takesFocus({ focusWish }: Pick<Shell, 'focusWish'>, place: string): boolean {
  if (focusWish.value === '' || focusWish.value !== place) return false;
  focusWish.set('');
  return true;
}

/** What the shell does for panels. */
export interface Shell {
  readonly route: Observable<Route>;
  readonly layout: Layout;
  /** The app, when the workspace has been opened. */
  readonly opened: Promise<App>;
  /** The id of the document whose text is to get the focus as soon as it is shown, who shows it empties this; else empty. */
  readonly focusWish: Source<string>;
  /** Puts the focus into the open document: into its text or message field, where a key, the palette or the search has led. */
  focusDocument(): void;
  navigate(path: string, options?: { readonly replace?: boolean }): void;
  notify(notice: Notice): void;
  /** True where the person agreed. */
  ask(question: Question): Promise<boolean>;
  /** Runs a command of the registry (`commands.ts`) by its id. */
  run(command: string): Promise<void>;
  /** `subject` says what it is about, where that is not everything: `note/tags`, the names of a field. */
  openDialog(name: DialogName, subject?: string): Promise<void>;
  /** Closes a document's tab, and leaves the document if it is the one that is shown. */
  closeTab(id: string): void;
}
