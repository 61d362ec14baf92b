import type { App, EntitySession } from '#app/app.ts';
import { type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import type { Panel } from '#ui/panels/panel.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { createDocumentFeed, type DocumentFeed } from './document-feed.ts';
import type { SortName } from './document-order.ts';
import { createKnownNames, type KnownNames } from './known-names.ts';
import { createDocumentController, type DocumentController, followController } from './open-document.ts';
import { followNames, namePage } from './page-name.ts';

/** What the surface of a kind works on: its list, the names that its documents carry, and the one that is open. */
export interface Surface<K extends string> {
  readonly known: KnownNames;
  readonly source: DocumentFeed;
  readonly controller: DocumentController<EntitySession<K>>;
  /** Names the page by what is looked at; called by itself while the open document changes. */
  readonly namePage: () => void;
  readonly close: () => void;
}

export interface SurfaceOptions<K extends string> {
  readonly app: App;
  readonly shell: Shell;
  readonly kind: K;
  readonly panel: Panel;
  /** The second part of the address: an id, `new`, `bin` or ''. */
  readonly place: () => string;
  /** By what the list is sorted at first. */
  readonly sort: SortName;
  /** Whether a second "New" is the same wish as the one before. */
  readonly isEmpty: (session: EntitySession<K>) => boolean;
}

export function openSurface<K extends string>({ app, shell, kind, panel, place, sort, isEmpty }: SurfaceOptions<K>): Surface<K> {
  const declared: DocumentKind = knownDocumentKind(kind);
  const known = createKnownNames(declared);
  const source = createDocumentFeed(app, declared, known, sort);
  const controller = createDocumentController(app, kind, isEmpty);
  const name = (): void =>
    namePage(controller.open.value, declared, place() === 'bin' ? `Bin of the ${declared.nouns.many}` : panel.label);
  const stopFollowing = followController(app, shell, panel.id, kind, controller);
  const stopNaming = followNames(controller.open, name);
  return {
    known,
    source,
    controller,
    namePage: name,
    close() {
      stopNaming();
      stopFollowing();
      controller.leave();
      source.close();
    },
  };
}
