import type { App } from '#app/app.ts';
import type { AddFileError } from '#app/files.ts';
import { timeOfId } from '#core/ids.ts';
import { SHARED_CACHE, SHARED_NAME, type SharedWords, sharedPath } from '#core/shared.ts';
import { fileMarkdown, withReferences } from '#features/markdown/file-markdown.ts';
import { notAddedNotice } from '#ui/parts/file-news.ts';
import type { Notice, Shell } from '#ui/shell/shell.ts';
import { errorText } from '#ui/text/error-text.ts';

/** One page at a time makes notes of what waits. */
const LOCK = 'holdfast-shared';

/** What has no words by then will have none: the service worker was ended while it kept it. */
const ABANDONED_MS = 3_600_000;

/**
 * Makes a note of each thing that another program has shared, and opens the last. A note has the id of its share, so that one
 * that a closed page had already made is not made twice. A file that cannot be kept now waits for the next start.
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

/** Gives whether the note has something new. */
async function takeOne(app: App, shell: Shell, cache: Cache, id: string): Promise<boolean> {
  const found = await cache.match(sharedPath(id));
  if (!found) {
    // The service worker is still at it, or was ended: the other program has it all.
    if (Date.now() - (timeOfId(id) ?? 0) > ABANDONED_MS) await forget(cache, id);
    return false;
  }
  const words: SharedWords = await found.json();
  // What waits for another account of this browser is not this one's.
  if (words.takenBy !== undefined && words.takenBy !== app.deviceId) return false;
  const known = await app.get('note', id);
  if (!known.ok) return false;
  // Whoever has thrown the note away does not wait for the rest of its files.
  if (known.value && known.value.lifecycle !== 'live') {
    await forget(cache, id);
    return false;
  }
  const { references, done, isWhole } = await takeFiles(app, shell, cache, id, words.files);
  const text = [words.text, words.url].filter((part) => part !== '').join('\n\n');
  if (!isWhole) await cache.put(sharedPath(id), Response.json({ ...words, takenBy: app.deviceId } satisfies SharedWords));
  const saved = known.value
    ? await app.patchBy('note', id, ({ text: before }) =>
        references.length === 0 ? null : { text: withReferences(String(before ?? ''), references) },
      )
    : await app.patch('note', id, { title: words.title, text: withReferences(text, references) });
  if (!saved.ok) {
    shell.notify({
      text: `What was shared is not in a note yet. ${errorText(saved.error).title}. It is tried again at the next start.`,
      tone: 'bad',
    });
    return false;
  }
  for (const index of done) await cache.delete(sharedPath(id, index));
  // The words last, as they were written last.
  if (isWhole) await cache.delete(sharedPath(id));
  return !known.value || references.length > 0;
}

interface TakenFiles {
  readonly references: readonly string[];
  /** Those that need not wait any longer: added, or refused for what they are. */
  readonly done: readonly number[];
  /** None of the share waits. */
  readonly isWhole: boolean;
}

async function takeFiles(app: App, shell: Shell, cache: Cache, id: string, files: number): Promise<TakenFiles> {
  const references: string[] = [];
  const done: number[] = [];
  let isWhole = true;
  for (let index = 0; index < files; index++) {
    const kept = await cache.match(sharedPath(id, index));
    if (!kept) continue;
    const name = decodeURIComponent(kept.headers.get(SHARED_NAME) ?? '');
    const bytes = await kept.blob();
    const added = await app.files.add(new File([bytes], name, { type: bytes.type }));
    const isOver = added.ok || isOfTheFile(added.error);
    if (isOver) done.push(index);
    else isWhole = false;
    if (added.ok) {
      references.push(fileMarkdown(added.value.reference, added.value.name, added.value.isPicture));
      continue;
    }
    shell.notify(isOver ? notAddedNotice(name, added.error) : waitsNotice(name, added.error));
  }
  return { references, done, isWhole };
}

/** Whether a file will never be taken. For everything else there may be room, or a worker, at the next start. */
const isOfTheFile = ({ type }: AddFileError): boolean => type === 'FileEmpty' || type === 'FileTooLarge';

const waitsNotice = (name: string, error: AddFileError): Notice => ({
  text: `${name || 'The file'} was not added yet. ${errorText(error).title}. It is kept, and tried again at the next start.`,
  tone: 'bad',
  isLong: true,
});

async function forget(cache: Cache, id: string): Promise<void> {
  for (const request of await cache.keys())
    if (new URL(request.url).pathname.startsWith(`${sharedPath(id)}/`)) await cache.delete(request);
  await cache.delete(sharedPath(id));
}
