import { type BlobHash, blobReference } from '#core/blobs.ts';
import { callAgain } from '#core/call-again.ts';
import { err, ok } from '#core/result.ts';
import { typeOfExtension } from '#features/pictures/extensions.ts';
import { readableName } from '#features/pictures/file-name.ts';
import type { BlobWatch } from '#store/blob-store.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { AddedFile, AddFileError, AddFileOptions, Files, KeptFile } from './files.ts';
import type { Pictures } from './pictures/pictures.ts';
import { readFileSettings } from './pictures/read-file-settings.ts';

type Calls = Pick<StoreClient, 'putBlob' | 'putThumbnail' | 'readBlob' | 'blobInfo' | 'fetchBlob' | 'readThumbnails'>;

/** Of a file whose reference has no extension. */
const UNKNOWN_TYPE = typeOfExtension('');

type Reads = Parameters<typeof readFileSettings>[0];

/** Of `size` bytes (null: not known yet), as the store counts them; a canceled signal stops it. */
const watchOf =
  (size: number | null, { signal, onProgress }: AddFileOptions): BlobWatch =>
  (bytes) => {
    if (size !== null) onProgress?.(size === 0 ? 1 : Math.min(1, bytes / size), size);
    return signal?.aborted !== true;
  };

/** `onAdding` is called when the first file is being added, and when the last is: only this tab has what is being added. */
export function createFiles(
  calls: Calls,
  reads: Reads,
  openPictures: () => Promise<Pictures>,
  onAdding: (isAdding: boolean) => void = () => {},
): Files {
  /** Of these no small picture can be drawn here. */
  const undrawn = new Set<BlobHash>();

  const open: Files['open'] = async (hash, extension) => {
    const [bytes, info] = await Promise.all([calls.readBlob(hash), calls.blobInfo([hash])]);
    if (!bytes.ok) return bytes;
    if (!info.ok) return info;
    if (!bytes.value) return ok(null);
    // The row may have been lost, and made again by the reading.
    const again = info.value[0] ? info : await calls.blobInfo([hash]);
    if (!again.ok) return again;
    const known = again.value[0];
    if (!known) return ok(null);
    const { size, width = null, height = null } = known;
    // A type comes from the content. A row that was taken up without one has that of its reference.
    const type = known.type || typeOfExtension(extension);
    const typed = bytes.value.type === type ? bytes.value : bytes.value.slice(0, bytes.value.size, type);
    return ok({ bytes: typed, type, size, width, height } satisfies KeptFile);
  };

  /** What came from another device comes without a small picture: it is drawn when it is first asked for. */
  const drawThumbnail = async (hash: BlobHash): Promise<Blob | null> => {
    if (undrawn.has(hash)) return null;
    const opened = await open(hash, '');
    // What is not here may come.
    if (!opened.ok || !opened.value) return null;
    undrawn.add(hash);
    const { width, type } = opened.value;
    // Of a row that was lost and made again nothing is known but its bytes.
    if (width === null && type !== UNKNOWN_TYPE) return null;
    const pictures = await openPictures();
    const prepared = await pictures.prepare(opened.value.bytes, { maxEdge: null, stripLocation: false });
    const picture = prepared.ok ? prepared.value.thumbnail : null;
    if (!picture || !(await calls.putThumbnail(hash, picture)).ok) return picture;
    undrawn.delete(hash);
    return picture;
  };

  const add: Files['add'] = async (file, options = {}) => {
    const { signal } = options;
    const opened = await Promise.all([openPictures(), readFileSettings(reads)]).catch((reason: unknown) => String(reason));
    if (typeof opened === 'string') return err<AddFileError>({ type: 'PrepareFailed', reason: opened });
    const [pictures, { maxEdge, stripLocation }] = opened;
    const prepared = await pictures.prepare(file, { maxEdge, stripLocation, ...(signal && { signal }) });
    if (!prepared.ok) return err<AddFileError>(prepared.error);
    const { blob, type, extension, name, isPicture, width, height, thumbnail, notice } = prepared.value;
    const about = { type, ...(width !== null && { width }), ...(height !== null && { height }) };
    const put: () => ReturnType<Calls['putBlob']> = async () =>
      signal?.aborted ? err({ type: 'Canceled' }) : calls.putBlob(blob, about, watchOf(blob.size, options));
    // A worker that died has kept nothing of it, and another one takes over.
    const kept = await callAgain(put, ['WorkerLost'], 2);
    if (!kept.ok) return err<AddFileError>(kept.error);
    const { hash, size } = kept.value;
    // A list shows no picture where there is no small one.
    if (thumbnail) await calls.putThumbnail(hash, thumbnail);
    return ok({
      reference: blobReference(hash, extension),
      name: readableName(name),
      isPicture,
      type,
      size,
      notice,
    } satisfies AddedFile);
  };

  let adding = 0;
  return {
    open,
    async fetch(hash, extension, options = {}) {
      const fetched = await calls.fetchBlob(hash, (bytes, size) => watchOf(size, options)(bytes));
      if (!fetched.ok) return fetched;
      const opened = await open(hash, extension);
      if (!opened.ok) return opened;
      return opened.value ? ok(opened.value) : err({ type: 'BlobMissing' });
    },
    async thumbnail(hash) {
      const found = await calls.readThumbnails([hash]);
      if (!found.ok) return null;
      return found.value[0] ?? drawThumbnail(hash);
    },
    async add(file, options) {
      if (adding++ === 0) onAdding(true);
      try {
        return await add(file, options);
      } finally {
        if (--adding === 0) onAdding(false);
      }
    },
  };
}
