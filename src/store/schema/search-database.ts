/**
 * Where the search index of a workspace is kept: in a database of its own, because losing it costs no more than making
 * it again. The text is compressed: a fifth of the size, and gzip's checksum tells a damaged one.
 */
import type { Clock, Kv, KvSchema } from '#core/ports.ts';
import { openKv } from '#store/kv/db.ts';
import { readFlag } from '#store/kv/flags.ts';

export const searchDatabaseName = (workspaceId: string): string => `holdfast-search-${workspaceId}`;
export const SEARCH_DATABASE_VERSION = 1;

/** See `KeptIndex` of the search feature. */
interface Kept {
  readonly version: number;
  readonly shape: string;
  readonly localSeq: number;
  readonly text: string;
}

interface IndexRow extends Omit<Kept, 'text'> {
  readonly key: 'index';
  readonly bytes: ArrayBuffer;
}

type SearchTables = { readonly kept: IndexRow };

const schema: KvSchema<SearchTables> = { stores: { kept: { key: 'key', indexes: {} } } };

export interface SearchDatabase {
  /** Null where there is none, or none that reads. */
  load(): Promise<Kept | null>;
  /** Where the database refuses, or the room gets scarce, nothing is kept, and nothing is lost. */
  keep(index: Kept): Promise<void>;
  close(): void;
}

/** An index that had to make room stays away for so long. */
const AWAY_MS = 24 * 3_600_000;
/** The last fifth of what the browser allows is for what cannot be made again. */
const MAX_FULL = 0.8;

async function hasRoom(now: number): Promise<boolean> {
  const madeAt = await readFlag('roomMadeAt');
  if (madeAt !== undefined && Math.abs(now - madeAt) < AWAY_MS) return false;
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === 0 || usage < quota * MAX_FULL;
}

/** A browser that refuses the database gets one that keeps nothing. */
export async function openSearchDatabase(workspaceId: string, clock: Pick<Clock, 'now'>): Promise<SearchDatabase> {
  const opened = await openKv<SearchTables>(searchDatabaseName(workspaceId), SEARCH_DATABASE_VERSION, schema);
  const kv: Kv<SearchTables> | null = opened.ok ? opened.value : null;
  return {
    async load() {
      const found = await kv?.read({ row: { get: 'kept', key: 'index' } });
      if (!found?.ok || !found.value.row) return null;
      const { bytes, version, shape, localSeq } = found.value.row;
      try {
        return { version, shape, localSeq, text: await unpack(bytes) };
      } catch {
        return null;
      }
    },
    async keep({ text, ...rest }) {
      if (!kv || !(await hasRoom(clock.now()))) return;
      const row: IndexRow = { key: 'index', ...rest, bytes: await pack(text) };
      await kv.transact({}, () => ({ writes: [{ put: 'kept', row }], value: null }), 'relaxed');
    },
    close: () => kv?.close(),
  };
}

const through = (blob: Blob, stream: GenericTransformStream): Response =>
  new Response(blob.stream().pipeThrough(stream as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>));

const pack = (text: string): Promise<ArrayBuffer> => through(new Blob([text]), new CompressionStream('gzip')).arrayBuffer();

const unpack = (bytes: ArrayBuffer): Promise<string> => through(new Blob([bytes]), new DecompressionStream('gzip')).text();
