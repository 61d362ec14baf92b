import type { EntityView } from '#app/app.ts';
import { capitalize } from '#core/entity.ts';
import { type DocumentKind, documentKind, documentNouns } from '#entities/documents.ts';
import { moveToBin } from '#ui/documents/bin-moves.ts';
import { panelOf } from '#ui/panels/index.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import type { Command, World } from '#ui/shell/command.ts';

interface OpenDocument {
  readonly declaration: DocumentKind;
  readonly id: string;
}

/** The open document, by its address. */
function openDocument({ shell }: World): OpenDocument | undefined {
  const { panel, rest } = shell.route.value;
  const declaration = documentKind(panelOf(panel)?.documents ?? '');
  const [id = ''] = rest;
  // `new` and `bin` are places, not documents.
  return declaration && id.length === 36 ? { declaration, id } : undefined;
}

async function withDocument(world: World, act: (view: EntityView, declaration: DocumentKind) => Promise<void>): Promise<void> {
  const open = openDocument(world);
  if (!open) return;
  const found = await world.app.get<string>(open.declaration.kind, open.id);
  if (!found.ok) return;
  const view = found.value;
  if (view?.lifecycle === 'live' && !view.readOnly) await act(view, open.declaration);
}

interface Flag {
  readonly field: 'starField' | 'pinField';
  readonly words: string;
}

const STAR: Flag = { field: 'starField', words: 'starred' };
const PIN: Flag = { field: 'pinField', words: 'pinned' };

const toggle =
  ({ field, words }: Flag) =>
  (world: World): Promise<void> =>
    withDocument(world, async ({ kind, id, fields }, { document, title: titleOf }) => {
      const flag = document[field];
      if (flag === undefined) return;
      const title = titleOf(fields);
      const isSet = fields[flag] !== true;
      const patched = await world.app.patch(kind, id, { [flag]: isSet });
      world.shell.notify(
        patched.ok
          ? { text: isSet ? `${capitalize(words)} “${title}”` : `“${title}” is no longer ${words}` }
          : failureNotice(`Not ${words}`, patched.error),
      );
    });

const bin = (world: World): Promise<void> =>
  withDocument(world, ({ kind, id, fields }, { title }) => moveToBin(world.app, world.shell, { kind, id, title: title(fields) }));

/** What can be done with the document that is open. */
export const documentCommands = (): readonly Command[] => [
  {
    id: 'star-document',
    label: 'Star or unstar this',
    group: 'Document',
    icon: 'star',
    words: `favourite favorite bookmark ${documentNouns('one')}`,
    isOffered: (world) => openDocument(world)?.declaration.document.starField !== undefined,
    run: toggle(STAR),
  },
  {
    id: 'pin-document',
    label: 'Pin or unpin this',
    group: 'Document',
    icon: 'pin',
    words: `top first ${documentNouns('one')}`,
    isOffered: (world) => openDocument(world)?.declaration.document.pinField !== undefined,
    run: toggle(PIN),
  },
  {
    id: 'bin-document',
    label: 'Move this to the bin',
    group: 'Document',
    icon: 'trash-2',
    words: `delete remove trash throw away ${documentNouns('one')}`,
    isOffered: (world) => openDocument(world) !== undefined,
    run: bin,
  },
];
