import type { App } from '#app/app.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { Shell } from '#ui/shell.ts';

/** Puts a note into the bin, closes its tab, and offers to take that back. */
export async function moveToBin(app: App, shell: Shell, id: string, title: string): Promise<Result<void, StoreError>> {
  const wasShown = shell.route.value.rest[0] === id;
  const patched = await app.patch('note', id, { [BINNED_AT]: Date.now() });
  if (!patched.ok) return patched;
  shell.closeTab(id);
  shell.notify({
    text: `Moved “${title}” to the bin`,
    undo: () => {
      void app.patch('note', id, patched.value.previous).then((undone) => {
        if (undone.ok && wasShown) shell.navigate(`/notes/${id}`);
      });
    },
  });
  return ok(undefined);
}
