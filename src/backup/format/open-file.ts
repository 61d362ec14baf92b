/** One reader for every file that a person may take for a backup. What it is, is known by what is in it. */
import type { ContentFault, FileFault } from '#core/backup-faults.ts';
import { err, ok, type Result } from '#core/result.ts';
import { jsonForm } from './json-form.ts';
import { openZip } from './open-zip.ts';
import {
  FILE_LIMITS,
  type FileLimits,
  follow,
  type OpenedBackup,
  type Opener,
  type OpenFileOptions,
  readingOf,
} from './opened-backup.ts';
import { decryptFile } from './passphrase.ts';
import { type DocumentSource, type ReadOptions, readDocumentHead, readRecords } from './read-document.ts';
import { SNIFF_BYTES, sniffForm } from './sniff.ts';
import { reasonOf } from './text-bytes.ts';
import { yamlForm } from './yaml-form.ts';

/**
 * Opens a file as a backup: JSON, YAML, ZIP, each of them encrypted or not, or the export of earlier versions. Its head has been read then, and nothing
 * else. Rejects with the signal's reason, and with what a temporary file throws.
 */
export async function openBackupFile(file: Blob, options: OpenFileOptions): Promise<Result<OpenedBackup, FileFault>> {
  const { signal, temp, passphrase } = options;
  const limits = { ...FILE_LIMITS, ...options.limits };
  signal.throwIfAborted();
  const opener = { ...options, limits };
  try {
    const form = await formOf(file, limits);
    if (typeof form !== 'string') return err(form);
    if (form !== 'age') return await openPlain(file, form, opener, null);
    const progress = follow(opener, file.size);
    const decrypted = await decryptFile(file, passphrase, temp, signal, progress.add);
    if (!decrypted.ok) return decrypted;
    const { file: kept, blob } = decrypted.value;
    const inside = await formOf(blob, limits);
    const opened =
      typeof inside === 'string' && inside !== 'age'
        ? await openPlain(blob, inside, opener, () => kept.discard())
        : err(typeof inside === 'string' ? ({ type: 'NotABackup' } as const) : inside);
    if (!opened.ok) await kept.discard();
    return opened;
  } catch (error) {
    signal.throwIfAborted();
    if (isUnreadable(error)) return err({ type: 'FileUnreadable', reason: reasonOf(error) });
    throw error;
  }
}

async function formOf(file: Blob, { totalBytes }: FileLimits) {
  if (file.size > totalBytes) return { type: 'BackupTooLarge', limitBytes: totalBytes } as const;
  return sniffForm(new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer()));
}

/** `discard` of what was decrypted; null where the file was not encrypted. */
async function openPlain(
  file: Blob,
  form: 'json' | 'yaml' | 'zip',
  options: Opener,
  discard: (() => Promise<void>) | null,
): Promise<Result<OpenedBackup, FileFault>> {
  if (form === 'zip') return openZip(file, options, discard);
  const document = form === 'json' ? jsonForm : yamlForm;
  const source: DocumentSource = {
    stream: () => file.stream(),
    faultOf: (error) => ({ type: 'FileUnreadable', reason: reasonOf(error) }),
  };
  const faults: ContentFault[] = [];
  const reading = (): ReadOptions => ({ form: document, source, ...readingOf(options, file.size) });
  const head = await readDocumentHead(reading());
  if (!head.ok) return head;
  return ok({
    head: head.value,
    form,
    archive: false,
    encrypted: discard !== null,
    faults,
    records() {
      faults.length = 0;
      return readRecords(reading(), head.value, faults);
    },
    async *files() {},
    close: async () => discard?.(),
  });
}

/** A file that was moved, changed or deleted since it was picked. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotReadableError' || error.name === 'NotFoundError');
