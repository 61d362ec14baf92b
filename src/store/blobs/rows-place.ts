/**
 * Bytes as rows of the workspace's database, 1 MB each: where the browser has no files. A note in `meta` names the rows that no
 * blob has yet; it goes in the transaction that makes the blob's row, and with it whatever a kill would leave.
 */
import type { KvError } from '#core/errors.ts';
import type { Kv, Write } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { ByteRange } from '#store/blob-store.ts';
import { HIGH, type WorkspaceTables } from '#store/schema/schema.ts';
import type { BlobPlace } from './place.ts';

/** Bytes in a row, but the last of a blob. */
const ROW_BYTES = 1024 * 1024;
/** Rows read in one transaction. */
const PAGE = 8;
const MARK = 'blob-part/';
const MAX_PARTS = 1000;

/** A refusal of the database on its way through functions that throw. */
export class RefusedByDatabase extends Error {
  readonly refusal: KvError;
  constructor(refusal: KvError) {
    super(refusal.type);
    this.refusal = refusal;
  }
}

function orThrow<V>(result: Result<V, KvError>): V {
  if (!result.ok) throw new RefusedByDatabase(result.error);
  return result.value;
}

/** Deletes the rows of that name. */
export const deleteBytes = (name: string): Write<WorkspaceTables> => ({
  deleteRange: 'blob-bytes',
  lower: [name, 0],
  upper: [name, Infinity],
});

export function createRowsPlace(kv: Kv<WorkspaceTables>): BlobPlace {
  const write = async (writes: readonly Write<WorkspaceTables>[]): Promise<void> =>
    orThrow(await kv.transact({}, () => ({ writes, value: undefined })));

  /** The bytes of the rows of that name; null where one of them is not there. */
  const readRows = async (name: string, { from, to }: ByteRange): Promise<Uint8Array<ArrayBuffer> | null> => {
    const bytes = new Uint8Array(to - from);
    const end = Math.ceil(to / ROW_BYTES);
    for (let part = Math.floor(from / ROW_BYTES); part < end; part += PAGE) {
      const last = Math.min(part + PAGE, end) - 1;
      const { rows } = orThrow(
        await kv.read({ rows: { list: 'blob-bytes', lower: [name, part], upper: [name, last], limit: PAGE } }),
      );
      if (rows.length !== last - part + 1) return null;
      for (const row of rows) {
        const start = row.part * ROW_BYTES;
        const [first, after] = [Math.max(from, start), Math.min(to, start + row.bytes.byteLength)];
        bytes.set(new Uint8Array(row.bytes, first - start, after - first), first - from);
      }
    }
    return bytes;
  };

  const discardPart = (part: string): Promise<void> => write([deleteBytes(part), { delete: 'meta', key: `${MARK}${part}` }]);

  return {
    async begin(part) {
      await write([{ put: 'meta', row: { key: `${MARK}${part}` } }]);
      let row = new Uint8Array(ROW_BYTES);
      let filled = 0;
      let next = 0;
      const flush = async (): Promise<void> => {
        if (filled === 0) return;
        const bytes = filled === ROW_BYTES ? row.buffer : row.buffer.slice(0, filled);
        await write([{ put: 'blob-bytes', row: { name: part, part: next, bytes } }]);
        next += 1;
        filled = 0;
        row = new Uint8Array(ROW_BYTES);
      };
      return {
        async write(bytes) {
          for (let at = 0; at < bytes.length; ) {
            const piece = bytes.subarray(at, at + ROW_BYTES - filled);
            row.set(piece, filled);
            filled += piece.length;
            at += piece.length;
            if (filled === ROW_BYTES) await flush();
          }
        },
        finish: flush,
        discard: () => discardPart(part).catch(() => {}),
      };
    },
    async keep(part) {
      const note = `${MARK}${part}`;
      return { place: { at: 'rows', rows: part }, note, writes: [{ delete: 'meta', key: note }] };
    },
    read: async (row, range) => (row.at === 'rows' ? readRows(row.rows, range) : null),
    async has(row) {
      if (row.at !== 'rows') return false;
      const { count } = orThrow(
        await kv.read({ count: { count: 'blob-bytes', lower: [row.rows, 0], upper: [row.rows, Infinity] } }),
      );
      return count === Math.ceil(row.size / ROW_BYTES);
    },
    removal: (row) => (row.at === 'rows' ? [deleteBytes(row.rows)] : []),
    remove: async () => {},
    async parts() {
      const range = { lower: MARK, upper: `${MARK}${HIGH}` };
      const { rows } = orThrow(await kv.read({ rows: { list: 'meta', ...range, limit: MAX_PARTS } }));
      return rows.map(({ key }) => key.slice(MARK.length));
    },
    discardPart,
    hashes: async () => null,
    sizeOf: async () => null,
  };
}
