/**
 * What a tab's store worker does with the blobs of its workspace: the calls of its page, sending, fetching and looking after them. None of
 * its code is loaded before there is something to do.
 */
import { type BlobNews, blobCareLock, blobChannel, blobFillLock } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import { lazy } from '#core/lazy.ts';
import { createPauses, noteTyping } from '#core/pauses.ts';
import { ok, type Result } from '#core/result.ts';
import { createStop } from '#core/stop.ts';
import { roomForFiles, savesData } from '#platform/room.ts';
import { hasLocks, openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { removeArchives, removeTempFiles } from '#store/archive-file.ts';
import { findBlobWork } from '#store/blobs/find-blob-work.ts';
import { LONG_UNUSED_MS } from '#store/blobs/leaving.ts';
import type { PartSources } from '#store/calls/store-calls.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import { openHistories } from '#store/save/history.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks };

/** How long after its start a tab looks after the blobs: nothing of it is wanted before. */
const CARE_AFTER_MS = 10_000;
/** A tab that stays open for weeks looks after them as one that is opened every day. */
const CARE_AGAIN_MS = 6 * 3_600_000;
/** Of what the server will not keep, so much is fetched in a day. */
const RECALL_BYTES = 500_000_000;
/** The words of a sync are on the screen before anything is fetched that nobody looks at. */
const FILL_AFTER_MS = 3000;

export interface BlobWork {
  readonly calls: PartSources['blobs'];
  /** The words are through, from this tab: files follow. */
  onDrained(force: boolean): void;
}

export function createBlobWork(active: ActiveWorkspace): BlobWork {
  const { row, kv, channel, memory } = active;
  const parts = createParts(active);

  /** Nobody waits for it: the page asks again for what stops it. */
  const send = async (force: boolean): Promise<void> => {
    const work = await findBlobWork(kv, systemClock.now());
    if (!work.ok || (work.value.waiting === 0 && !work.value.isMore)) return;
    const drainer = await parts.drainer();
    if (drainer.ok) await drainer.value.run({ signal: createStop().signal, force });
  };

  let cancelFill: (() => void) | null = null;
  const fillIn = (ms: number): void => {
    cancelFill?.();
    cancelFill = systemClock.setTimer(ms, () => {
      const filling = webLocks.hold(blobFillLock(row.id), () => fillOnce(active, parts), { ifAvailable: true });
      const follow = (nextAt: number | null | undefined): void => {
        if (typeof nextAt === 'number') fillIn(Math.max(FILL_AFTER_MS, nextAt - systemClock.now()));
      };
      void filling.then(follow, () => {});
    });
  };
  if (!memory && hasLocks()) {
    careForBlobs(active, parts);
    channel.onMessage((message) => {
      if (message.type === 'sync-ended' && message.error === null) fillIn(FILL_AFTER_MS);
    });
  }
  return {
    calls: parts.calls,
    onDrained(force) {
      void send(force).catch(() => {});
      if (!memory && hasLocks()) fillIn(FILL_AFTER_MS);
    },
  };
}

type Parts = ReturnType<typeof createParts>;

function createParts({ row, kv, journal, memory, isSyncOn, onChanged }: ActiveWorkspace) {
  const news = openChannel<BlobNews>(blobChannel(row.id));
  // Without locks two tabs could talk to the server at once.
  const isOn = async (): Promise<Result<boolean, KvError>> => (hasLocks() ? isSyncOn() : ok(false));
  const pauses = createPauses(systemClock, 0);
  noteTyping(onChanged, pauses);
  const { pause } = pauses;
  const around = { ...ports, workspaceId: row.id, accountId: row.accountId };

  const stores = lazy(async () => {
    const [{ openBlobContext }, { createBlobStore }, { createBlobQueue }, { freeCaches }] = await Promise.all([
      import('#store/blobs/open-blobs.ts'),
      import('#store/blobs/create-blob-store.ts'),
      import('#store/blobs/blob-queue.ts'),
      import('#store/accounts/free-caches.ts'),
    ]);
    const options = { ...ports, kv, journal, workspaceId: row.id, memory, pause };
    const context = await openBlobContext({ ...options, freeCaches: () => freeCaches(row.id, systemClock) });
    return { blobs: createBlobStore(context), queue: createBlobQueue(context) };
  });
  const opened = async () => {
    const found = await stores();
    if (!found.ok) throw new Error(found.error.type);
    return found.value;
  };
  const drainer = lazy(async () => {
    const [{ createBlobDrainer }, { fetchBytes }, { fetchTransport }, { queue }] = await Promise.all([
      import('#sync/blob-drainer.ts'),
      import('#platform/fetch-bytes.ts'),
      import('#platform/fetch-transport.ts'),
      opened(),
    ]);
    return createBlobDrainer({ ...around, queue, bytes: fetchBytes, transport: fetchTransport, channel: news, isOn, pause });
  });
  const fetcher = lazy(async () => {
    const [{ createBlobFetcher }, { fetchBytes }, { looksOf }, { blobs }] = await Promise.all([
      import('#sync/blob-fetcher.ts'),
      import('#platform/fetch-bytes.ts'),
      import('#features/pictures/looks-of.ts'),
      opened(),
    ]);
    const onFetched = (hash: string): void => news.post({ type: 'here', hash });
    return createBlobFetcher({ ...around, blobs, transport: fetchBytes, looksOf, isOn: isSyncOn, onFetched });
  });
  const calls = lazy(async () => {
    const [{ createBlobCalls }, { blobs }] = await Promise.all([import('#store/calls/blob-calls.ts'), opened()]);
    return createBlobCalls(blobs, async (hash, watch) => {
      const found = await fetcher();
      return found.ok ? found.value.fetch(hash, watch) : found;
    });
  });
  const fill = lazy(async () => {
    const [{ createBlobFill }, { fillBlobs }] = await Promise.all([
      import('#store/blobs/blob-fill.ts'),
      import('#sync/fill-blobs.ts'),
    ]);
    return { fill: createBlobFill({ kv, clock: systemClock }), fillBlobs };
  });
  return { stores, drainer, fetcher, calls, fill };
}

/** Fetches what is named and not here, where the person keeps everything on this device. Gives when there may be more. */
async function fillOnce({ isSyncOn, fileSettings }: ActiveWorkspace, { fill, fetcher }: Parts): Promise<number | null> {
  const goesOn = async (): Promise<boolean> => {
    const [on, settings] = await Promise.all([isSyncOn(), fileSettings()]);
    return on.ok && on.value && settings.ok && settings.value.keepFiles === 'all' && !savesData();
  };
  if (!(await goesOn())) return null;
  const parts = await fill();
  if (!parts.ok) return null;
  const filled = await parts.value.fillBlobs({
    fill: parts.value.fill,
    async fetch(hash, maxBytes) {
      const found = await fetcher();
      return found.ok ? found.value.fetchLater(hash, maxBytes) : found;
    },
    room: roomForFiles,
    goesOn,
  });
  return filled.ok ? filled.value.nextAt : null;
}

/**
 * Takes secrets out of old revisions, removes what a kill left, once a day what nothing names any more, and, where the person has said
 * so, what has not been used for long and the server has. Fetches what the server will not keep. One tab at a time does.
 */
function careForBlobs({ row, context, fileSettings, isSyncOn }: ActiveWorkspace, { stores, fetcher }: Parts): void {
  const mayFetch = async (): Promise<boolean> => {
    const on = await isSyncOn();
    return on.ok && on.value && !savesData();
  };
  const care = async (): Promise<void> => {
    const opened = await stores();
    if (!opened.ok) return;
    const { blobs } = opened.value;
    await openHistories(context);
    await blobs.sweep();
    await blobs.collect();
    if (await mayFetch())
      await blobs.recall({
        async fetch(hash, maxBytes) {
          const [found, room] = await Promise.all([fetcher(), roomForFiles()]);
          return found.ok ? found.value.fetchLater(hash, Math.min(maxBytes, room)) : found;
        },
        goesOn: mayFetch,
        maxBytes: RECALL_BYTES,
      });
    const settings = await fileSettings();
    await removeArchives(systemClock.now()).catch(() => {});
    await removeTempFiles(webLocks).catch(() => {});
    if (settings.ok && settings.value.keepFiles === 'recent') await blobs.letGoUnused({ unusedMs: LONG_UNUSED_MS });
  };
  const careIn = (ms: number): void => {
    systemClock.setTimer(ms, () => {
      void webLocks
        .hold(blobCareLock(row.id), care, { ifAvailable: true })
        .catch(() => {})
        .finally(() => careIn(CARE_AGAIN_MS));
    });
  };
  careIn(CARE_AFTER_MS);
}
