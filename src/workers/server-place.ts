/**
 * The server as a place of backups. Parts, files and lists lie there as blobs of the account, and what is sent is compared with its hash there: so what was just written is not
 * read back over the network. The server itself removes what no list names any more.
 */
import type { FileSource, FileTarget } from '#backup/kept/copy-backup.ts';
import { Failure } from '#backup/kept/failure.ts';
import { idOfManifest, manifestPath, namedFiles, readManifest } from '#backup/kept/manifest.ts';
import type { Place } from '#backup/kept/place.ts';
import { type BlobHash, isBlobHash } from '#core/blobs.ts';
import type { SyncError } from '#core/errors.ts';
import { hashBytes } from '#core/hash.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import type { ServerBackupsApi } from '#sync/server-backups.ts';

/** Notes about the backups of the server are kept by each device for itself. */
const NOTES = 'checks.json';
const OWN_NOTES = 'server-checks.json';

export interface ServerPlaceOptions {
  readonly api: ServerBackupsApi;
  /** Only what this device has stored is listed: what decides which backups go must not decide about those of others. Null: all. */
  readonly only: DeviceId | null;
  /** Parts of which is asked at once whether they are there: those of the backup that is to be copied. */
  readonly expected: readonly string[];
  /** Where this device keeps its notes; null where there is no such place yet. */
  readonly notes: Place | null;
}

export function createServerPlace({ api, only, expected, notes }: ServerPlaceOptions): {
  readonly place: Place;
  readonly files: FileSource & FileTarget;
} {
  /** The list of each backup by its id, as the server has it. */
  let lists: ReadonlyMap<string, BlobHash> | null = null;
  /** Parts that are expected, and those that lists of the server name, as far as they were read. */
  const named = new Set<string>(expected);
  /** What was sent last: it is asked for at once, to see whether it is there. */
  let sent: { readonly path: string; readonly blob: Blob } | null = null;

  async function listed(): Promise<ReadonlyMap<string, BlobHash>> {
    const { backups } = take(await api.list());
    lists = new Map(
      backups.filter(({ deviceId }) => only === null || deviceId === only).map(({ id, manifest }) => [id, manifest]),
    );
    return lists;
  }

  async function readList(id: string): Promise<Blob | null> {
    const hash = (lists ?? (await listed())).get(id);
    const bytes = hash === undefined ? null : take(await api.read(hash));
    if (!bytes) return null;
    const blob = new Blob([bytes]);
    const read = await readManifest(blob);
    if (read.ok) for (const part of read.value.parts) named.add(part.hash);
    return blob;
  }

  /** Which of the parts that are named in this folder are whole there; asked for once for all folders. */
  let whole: Promise<ReadonlySet<string>> | null = null;
  async function partsIn(folder: string): Promise<readonly string[]> {
    whole ??= (async () => {
      const missing = new Set<string>(take(await api.missing([...named])));
      return new Set([...named].filter((hash) => !missing.has(hash)));
    })();
    const parts = await whole;
    return [...parts].filter((hash) => folder === `parts/${hash.slice(0, 2)}`).sort();
  }

  async function send(hash: BlobHash, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    take(await api.send(hash, bytes));
  }

  async function keepList(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const read = await readManifest(new Blob([bytes]));
    if (!read.ok) throw new Failure({ type: 'BackupDamaged' });
    const manifest = hashBytes(bytes);
    await send(manifest, bytes);
    const { madeAt, parts } = read.value;
    const files = [...new Set(namedFiles(read.value).map(({ hash }) => hash))];
    // A file whose bytes are nowhere does not keep the rest from being kept.
    const lacking = new Set(take(await api.missing(files)));
    const blobs = [...parts.map(({ hash }) => hash), ...files.filter((hash) => !lacking.has(hash))];
    const missing = take(await api.keep(id, { manifest, madeAt, blobs: [...new Set(blobs)] }));
    whole = null;
    lists = null;
    if (missing.length > 0)
      throw new Failure({ type: 'PlaceFailed', reason: 'the server has lost a part of it, which is sent again' });
  }

  const place: Place = {
    async list(folder) {
      if (folder === '') return [...(await listed()).keys()].map(manifestPath).sort();
      return folder.startsWith('parts/') ? partsIn(folder) : [];
    },
    async read(path) {
      if (sent?.path === path) return sent.blob;
      if (path === NOTES) return (await notes?.read(OWN_NOTES)) ?? null;
      const id = idOfManifest(path);
      if (id !== null) return readList(id);
      const hash = hashIn(path);
      const bytes = hash === null ? null : take(await api.read(hash));
      return bytes && new Blob([bytes]);
    },
    // Of nothing there can this be known, and nothing there is removed for its age.
    modifiedAt: async () => null,
    async write(path, bytes) {
      if (path === NOTES) return notes?.write(OWN_NOTES, bytes);
      const id = idOfManifest(path);
      const hash = hashIn(path);
      if (id !== null) await keepList(id, bytes);
      else if (hash !== null) await send(hash, bytes);
      sent = { path, blob: new Blob([bytes]) };
    },
    async remove(path) {
      const id = idOfManifest(path);
      if (id !== null) take(await api.remove(id));
      if (sent?.path === path) sent = null;
      lists = null;
    },
    sweep: async () => {},
    comparesHashes: true,
  };

  return {
    place,
    files: {
      async have(hashes) {
        const missing = new Set(take(await api.missing(hashes)));
        return new Set(hashes.filter((hash) => !missing.has(hash)));
      },
      write: async (hash, bytes) => send(hash, new Uint8Array(await bytes.arrayBuffer())),
      async read(hash) {
        const bytes = take(await api.read(hash));
        return bytes && new Blob([bytes]);
      },
    },
  };
}

/** The hash that a path of a part or a file ends with. */
function hashIn(path: string): BlobHash | null {
  const name = path.split('/').at(-1) ?? '';
  return isBlobHash(name) ? name : null;
}

function take<V>(result: Result<V, SyncError>): V {
  if (result.ok) return result.value;
  throw new Failure({ type: 'PlaceServer', cause: result.error });
}
