/** Into the bin and out of it, for every kind: what was done is said, and can be taken back. */
import type { App } from '#app/app.ts';
import { BINNED_AT, type Fields } from '#core/entity.ts';
import { ledger } from '#entities/index.ts';
import { panelOfKind } from '#ui/panels/index.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import type { Shell } from '#ui/shell/shell.ts';

/** What is moved. */
export interface Moved {
  readonly kind: string;
  readonly id: string;
  readonly title: string;
}

/** Puts a document into the bin, its children with it, closes its tab, and offers to take that back. Says where it failed. */
export async function moveToBin(
  app: Pick<App, 'patch'>,
  shell: Pick<Shell, 'route' | 'closeTab' | 'notify' | 'navigate'>,
  { kind, id, title }: Moved,
): Promise<void> {
  const wasShown = shell.route.value.rest[0] === id;
  const patched = await app.patch(kind, id, { [BINNED_AT]: Date.now() });
  if (!patched.ok) return shell.notify(failureNotice('Not moved', patched.error));
  shell.closeTab(id);
  const takeBack = async (): Promise<void> => {
    const undone = await app.patch(kind, id, patched.value.previous);
    if (!undone.ok) shell.notify(failureNotice('Not restored', undone.error));
    else if (wasShown) shell.navigate(`/${panelOfKind(kind)?.id}/${id}`);
  };
  shell.notify({ text: `Moved “${title}” to the bin`, undo: () => void takeBack() });
}

/** Takes an entity of any kind out of the bin. */
export const restoreFromBin = (app: App, kind: string, id: string): ReturnType<App['patch']> =>
  app.patch(kind, id, { [BINNED_AT]: null });

/** Takes a document out of the bin, and says so. */
export async function restoreDocument(app: App, shell: Shell, { kind, id, title }: Moved): Promise<void> {
  const result = await restoreFromBin(app, kind, id);
  shell.notify(result.ok ? { text: `Restored “${title}”` } : failureNotice('Not restored', result.error));
}

/** A document as it is named while it is moved. */
export const movedOf = ({
  kind,
  id,
  fields,
}: {
  readonly kind: string;
  readonly id: string;
  readonly fields: Fields;
}): Moved => ({
  kind,
  id,
  title: ledger.get(kind)?.title(fields) ?? kind,
});
