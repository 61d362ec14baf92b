import type { App } from '#app/app.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { panelOfKind } from '#ui/panels/index.ts';
import type { Shell } from '#ui/shell.ts';

export interface BinnedDocument {
  readonly kind: string;
  readonly id: string;
  readonly title: string;
}

/** Puts a document of any kind into the bin, its children with it, closes its tab, and offers to take that back. */
export async function moveToBin(
  app: Pick<App, 'patch'>,
  shell: Pick<Shell, 'route' | 'closeTab' | 'notify' | 'navigate'>,
  { kind, id, title }: BinnedDocument,
): Promise<Result<void, StoreError>> {
  const wasShown = shell.route.value.rest[0] === id;
  const patched = await app.patch(kind, id, { [BINNED_AT]: Date.now() });
  if (!patched.ok) return patched;
  shell.closeTab(id);
  shell.notify({
    text: `Moved “${title}” to the bin`,
    undo: () => {
      void app.patch(kind, id, patched.value.previous).then((undone) => {
        const panel = panelOfKind(kind);
        if (undone.ok && wasShown && panel) shell.navigate(`/${panel.id}/${id}`);
      });
    },
  });
  return ok(undefined);
}
