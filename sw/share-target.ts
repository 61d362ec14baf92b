import { registerRoute } from 'workbox-routing';
import { mintId } from '#core/ids.ts';
import { SHARE_PATH, SHARED_CACHE, SHARED_NAME, type SharedWords, sharedPath } from '#core/shared.ts';
import { systemClock, systemRandom } from '#platform/system.ts';

/** Takes what another program shares, and leads to the app, which makes a note of it. */
export function serveShareTarget(): void {
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && url.pathname === SHARE_PATH,
    ({ request }) => keepShared(request),
    'POST',
  );
}

/** Answers when all of it is on the disk. Where it could not be kept, the browser shows that, and the other program still has it. */
async function keepShared(request: Request): Promise<Response> {
  const form = await request.formData();
  const word = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const files = form.getAll('files').filter((entry) => entry instanceof File);
  const words: SharedWords = { title: word('title'), text: word('text'), url: word('url'), files: files.length };
  const id = mintId(systemClock.now(), systemRandom);
  const cache = await caches.open(SHARED_CACHE);
  try {
    for (const [index, file] of files.entries()) {
      const headers = { 'content-type': file.type, [SHARED_NAME]: encodeURIComponent(file.name) };
      await cache.put(sharedPath(id, index), new Response(file, { headers }));
    }
    await cache.put(sharedPath(id), Response.json(words));
  } catch (error) {
    // Half of it would take room, and is of no use to anybody.
    for (const index of files.keys()) await cache.delete(sharedPath(id, index));
    throw error;
  }
  return Response.redirect('/', 303);
}
