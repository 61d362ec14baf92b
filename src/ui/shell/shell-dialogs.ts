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

export interface Dialogs {
  /** Opens a dialog; the one that is open makes room. */
  readonly open: (name: DialogName, subject?: string) => Promise<void>;
  /** Opens it, or closes it again, unless the person has switched its key off. */
  readonly openByKey: (name: DialogName) => Promise<void>;
  readonly isOpen: (name: string) => boolean;
  readonly ask: (question: Question) => Promise<boolean>;
}

/** The dialogs of the shell, in `root`. One is open at a time. A wish from before the app was there is kept for it. */
export function createDialogs(opening: Promise<App>, shell: () => Shell, root: ParentNode): Dialogs {
  let current: { readonly name: DialogName; readonly element: ShellDialog } | undefined;
  let wish = 0;

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
    current?.element.close();
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
    isOpen: (name) => current?.name === name,
    async openByKey(name) {
      if (current?.name === name) return current.element.close();
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
