/** What of the app travels in one file. */
import { resolve } from 'node:path';

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** A module and what it imports statically, by its imports, too. */
function reachOf(root: string, graph: ModuleGraph): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) visit(imported);
  };
  visit(resolve(root));
  return found;
}

/** What comes with any of `roots`, in a chunk of that name. */
const chunkOf = (name: string, ...roots: readonly string[]) => ({
  debugName: name,
  name: (id: string, graph: ModuleGraph): string | null => (roots.some((root) => reachOf(root, graph).has(id)) ? name : null),
});

/**
 * Thirty small files compress worse than one, and each costs a request, in the service worker, too. So what the first frame
 * needs is one file, the page's services and the rest of the frame are the second, and what the home panel shares with others
 * is the third. Dialogs, other panels and their libraries stay apart, and lazy. The first group that wants a module gets it.
 */
export const pageChunks = [
  { name: 'shell', tags: ['$initial' as const] },
  { name: 'shell', test: /rolldown.runtime/ },
  chunkOf(
    'services',
    'src/app/create-app.ts',
    'src/ui/shell/tabs/tab-strip.ts',
    'src/ui/shell/toast-stack.ts',
    'src/ui/shell/focus-keeper.ts',
    // Asks when nothing may be loaded any more: the version that it belongs to has gone, or the server has.
    'src/ui/shell/unsaved-words.ts',
  ),
  { ...chunkOf('lists', 'src/ui/panels/notes/notes-view.ts'), minShareCount: 2 },
];
