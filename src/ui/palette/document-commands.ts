import type { EntityView } from '#app/app.ts';
import { ledger } from '#entities/index.ts';
import type { Command, World } from '#ui/command.ts';
import { errorText } from '#ui/error-text.ts';
import { panelOf } from '#ui/panels/index.ts';

/** Kind and id of the open document, by its address. */
function openDocument({ shell }: World): { readonly kind: string; readonly id: string } | undefined {
  const { panel, rest } = shell.route.value;
  const kind = panelOf(panel)?.documents;
  const [id = ''] = rest;
  // `new` and `bin` are places, not documents.
  return kind === undefined || id.length !== 36 ? undefined : { kind, id };
}

const isOpen = (world: World): boolean => openDocument(world) !== undefined;

async function withDocument(world: World, act: (view: EntityView, title: string) => Promise<void>): Promise<void> {
  const open = openDocument(world);
  const found = open && (await world.app.get(open.kind, open.id));
  if (!found?.ok) return;
  const view = found.value;
  if (view?.place === 'live' && !view.readOnly) await act(view, ledger.get(view.kind)?.title(view.fields) ?? '');
}

const toggleStar = (world: World): Promise<void> =>
  withDocument(world, async ({ kind, id, fields }, title) => {
    const starred = fields['starred'] !== true;
    const patched = await world.app.patch(kind, id, { starred });
    world.shell.notify(
      patched.ok
        ? { text: starred ? `Starred “${title}”` : `“${title}” is no longer starred` }
        : { text: `Not starred: ${errorText(patched.error).title}`, tone: 'bad' },
    );
  });

const bin = (world: World): Promise<void> =>
  withDocument(world, async ({ kind, id }, title) => {
    const { app, shell } = world;
    const moved =
      kind === 'chat'
        ? await (await import('#ui/panels/chats/chat-bin-move.ts')).moveChatToBin(app, shell, id, title)
        : await (await import('#ui/panels/notes/note-bin.ts')).moveToBin(app, shell, id, title);
    if (!moved.ok) shell.notify({ text: `Not moved: ${errorText(moved.error).title}`, tone: 'bad' });
  });

/** What can be done with the document that is open. */
export const documentCommands: readonly Command[] = [
  {
    id: 'star-document',
    label: 'Star or unstar this',
    group: 'Document',
    icon: 'star',
    words: 'favourite note chat',
    isOffered: isOpen,
    run: toggleStar,
  },
  {
    id: 'bin-document',
    label: 'Move this to the bin',
    group: 'Document',
    icon: 'trash-2',
    words: 'delete note chat',
    isOffered: isOpen,
    run: bin,
  },
];
