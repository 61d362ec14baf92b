import type { App } from '#app/app.ts';
import { SHARED_CACHE, SHARED_NAME, type SharedWords, sharedPath } from '#core/shared.ts';
import { fileMarkdown } from '#features/markdown/file-markdown.ts';
import { notAddedNotice } from '#ui/parts/file-news.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { errorText } from '#ui/text/error-text.ts';

/** One page at a time makes notes of what waits. */
const LOCK = 'holdfast-shared';

/**
 * Makes a note of each thing that another program has shared, and opens the last. A note has the id of its share, so that one
 * that a closed page had already made is not made twice.
 */
export async function takeShared(app: App, shell: Shell): Promise<void> {
  const take = async (): Promise<string | null> => {
    const cache = await caches.open(SHARED_CACHE);
    const known = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname.split('/')[2] ?? ''));
    let last: string | null = null;
    for (const id of known) if (await takeOne(app, shell, cache, id)) last = id;
    return last;
  };
  const last = await (navigator.locks ? navigator.locks.request(LOCK, take) : take());
  if (last !== null) shell.navigate(`/notes/${last}`);
}

async function takeOne(app: App, shell: Shell, cache: Cache, id: string): Promise<boolean> {
  const found = await cache.match(sharedPath(id));
  // The service worker is still at it, or was ended: the other program has it all.
  if (!found) return false;
  const words: SharedWords = await found.json();
  const known = await app.get('note', id);
  if (!known.ok) return false;
  if (!known.value) {
    const references: string[] = [];
    for (let index = 0; index < words.files; index++) {
      const file = await cache.match(sharedPath(id, index));
      const reference = file && (await addFile(app, shell, file));
      if (reference) references.push(reference);
    }
    const text = [words.text, words.url, ...references].filter((part) => part !== '').join('\n\n');
    const saved = await app.patch('note', id, { title: words.title, text });
    if (!saved.ok) {
      shell.notify({
        text: `What was shared is not in a note yet. ${errorText(saved.error).title}. It is tried again at the next start.`,
        tone: 'bad',
      });
      return false;
    }
  }
  // The words last, as they were written last.
  for (let index = 0; index < words.files; index++) await cache.delete(sharedPath(id, index));
  await cache.delete(sharedPath(id));
  return true;
}

async function addFile(app: App, shell: Shell, kept: Response): Promise<string> {
  const name = decodeURIComponent(kept.headers.get(SHARED_NAME) ?? '');
  const bytes = await kept.blob();
  const added = await app.files.add(new File([bytes], name, { type: bytes.type }));
  if (added.ok) return fileMarkdown(added.value.reference, added.value.name, added.value.isPicture);
  shell.notify(notAddedNotice(name, added.error));
  return '';
}
