import type { App, EntitySession } from '#app/app.ts';
import { documentFileName } from '#entities/document-file.ts';
import { knownDocumentKind } from '#entities/documents.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import { downloadText } from '#ui/parts/download.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { movedOf, moveToBin } from './bin-moves.ts';

/** The entries of an open document's menu that every kind has. `markdown` gives all of it, its children included. */
export function documentActions(app: App, shell: Shell, session: EntitySession, markdown: () => string): readonly MenuItem[] {
  const { kind, fields, view } = session;
  const bin = async (): Promise<void> => {
    await session.flush();
    await moveToBin(app, shell, movedOf(session));
  };
  const isStored = view.value?.lifecycle === 'live' && view.value.localSeq > 0;
  const { pinField } = knownDocumentKind(kind).document;
  const pinned = pinField !== undefined && fields[pinField] === true;
  return [
    ...(pinField !== undefined && isStored
      ? [
          {
            label: pinned ? 'Unpin' : 'Pin to the top',
            icon: pinned ? 'pin-off' : 'pin',
            isKnown: true,
            act: () => session.set({ [pinField]: !pinned }),
          } as const,
        ]
      : []),
    { label: 'Copy as Markdown', icon: 'copy', words: 'clipboard text export', act: () => void copyText(shell, markdown()) },
    {
      label: 'Download as Markdown',
      icon: 'download',
      words: 'save file export',
      act: () => downloadText(documentFileName(knownDocumentKind(kind), fields), markdown()),
    },
    ...(isStored ? [{ label: 'Move to bin', icon: 'trash-2', isKnown: true, act: () => void bin() } as const] : []),
  ];
}

/** Puts a text into the clipboard, and says so. */
export async function copyText(shell: Shell, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    shell.notify({ text: 'Copied' });
  } catch {
    shell.notify({ text: 'The browser did not allow copying. Download it instead.', tone: 'bad' });
  }
}
