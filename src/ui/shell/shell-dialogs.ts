import type { App } from '#app/app.ts';
import type { ConfirmDialog } from './confirm-dialog.ts';
import type { DialogName, Question, Shell } from './shell.ts';

interface ShellDialog extends HTMLElement {
  subject?: string;
  close(): void;
}

/** All of them are rare: their code comes when it is wanted. Each fires `close` when it is done. */
const dialogs: { readonly [N in DialogName]: { readonly element: string; readonly load: () => Promise<unknown> } } = {
  palette: { element: 'command-palette', load: () => import('#ui/palette/command-palette.ts') },
  search: { element: 'search-dialog', load: () => import('#ui/search/search-dialog.ts') },
  shortcuts: { element: 'shortcut-sheet', load: () => import('#ui/palette/shortcut-sheet.ts') },
  more: { element: 'more-sheet', load: () => import('./more-sheet.ts') },
  names: { element: 'names-dialog', load: () => import('#ui/documents/names-dialog.ts') },
};

/** They only lead elsewhere, and make room for any key of the app. The others want their answer first. */
const LEADING: readonly DialogName[] = ['palette', 'search', 'shortcuts', 'more'];

export interface Dialogs {
  /** Opens a dialog; the one that is open makes room. */
  readonly open: (name: DialogName, subject?: string) => Promise<void>;
  /** Opens it, or closes it again, unless the person has switched its key off. */
  readonly openByKey: (name: DialogName) => Promise<void>;
  /** True where a key that was pressed at the end of this path is one of the app: it is in no dialog that wants an answer. */
  readonly makesRoom: (path: readonly EventTarget[]) => boolean;
  /** Closes the one that is open. */
  readonly close: () => void;
  /** What was asked for and has not come yet does not come. */
  readonly forget: () => void;
  readonly ask: (question: Question) => Promise<boolean>;
}

/** The dialogs of the shell, in `root`. One is open at a time. A wish from before the app was there is kept for it. */
export function createDialogs(opening: Promise<App>, shell: () => Shell, root: ParentNode): Dialogs {
  let current: { readonly name: DialogName; readonly element: ShellDialog } | undefined;
  let wish = 0;

  /** A dialog fires `close` a moment after it has closed. */
  const isShown = (): boolean => current?.element.shadowRoot?.querySelector('dialog')?.open === true;
  const close = (): void => {
    if (isShown()) current?.element.close();
  };

  const open = async (name: DialogName, subject = ''): Promise<void> => {
    const mine = ++wish;
    try {
      await dialogs[name].load();
    } catch {
      shell().notify({ text: 'This part did not load. Try again when the network is back.', tone: 'bad' });
      return;
    }
    await opening;
    if (mine !== wish) return;
    close();
    const element = document.createElement(dialogs[name].element) as ShellDialog;
    if (subject !== '') element.subject = subject;
    element.addEventListener('close', () => {
      element.remove();
      if (current?.element === element) current = undefined;
    });
    current = { name, element };
    root.append(element);
  };

  return {
    open,
    close,
    makesRoom: (path) =>
      !path.some((target) => target instanceof HTMLDialogElement) ||
      (current !== undefined && LEADING.includes(current.name) && path.includes(current.element)),
    forget() {
      wish++;
    },
    async openByKey(name) {
      if (current?.name === name && isShown()) return close();
      if (name === 'shortcuts') {
        const app = await opening;
        const memory = await app.get('command-state', app.deviceId);
        if (memory.ok && memory.value?.fields.singleKeys === false) return;
      }
      await open(name);
    },
    async ask(question) {
      await import('./confirm-dialog.ts');
      const dialog = document.createElement('confirm-dialog') as ConfirmDialog;
      root.append(dialog);
      const answer = await dialog.ask(question);
      dialog.remove();
      return answer;
    },
  };
}
