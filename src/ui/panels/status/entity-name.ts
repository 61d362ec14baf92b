/** What a person calls an entity, and where it is opened. */
import type { EntityView } from '#app/app.ts';
import { ledger } from '#entities/index.ts';
import { kindName } from '#entities/kind-names.ts';
import { panelOfKind } from '#ui/panels/index.ts';

/** The entity's title, and something to say where there is none any more. */
export function entityTitle(kind: string, view: EntityView | null | undefined): string {
  if (!view || view.lifecycle === 'purged') return `A ${kindName(kind)} that is gone`;
  const title = ledger.get(kind)?.title(view.fields).trim() ?? '';
  return title === '' ? `A ${kindName(kind)}` : title;
}

/** The address at which the entity can be edited, or null where no panel shows it by itself. */
export function entityPath(kind: string, id: string, view: EntityView | null | undefined): string | null {
  if (!view || view.lifecycle === 'purged') return null;
  if (kind === 'settings' || kind === 'device-settings') return '/settings';
  const parent = ledger.get(kind)?.parent;
  if (parent) {
    const parentId = view.fields[parent.field];
    const panel = panelOfKind(parent.kind);
    return panel && typeof parentId === 'string' ? `/${panel.id}/${parentId}` : null;
  }
  const panel = panelOfKind(kind);
  return panel ? `/${panel.id}/${id}` : null;
}
