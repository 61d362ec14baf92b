import type { ContentFault, FileFault } from '#core/backup-faults.ts';
import { err, ok, type Result } from '#core/result.ts';
import { isOldExport, oldHead, readOldRecords } from './old-export.ts';
import { type OpenedBackup, type Opener, readingOf } from './opened-backup.ts';
import { readDocumentHead, readRecords } from './read-document.ts';
import { SNIFF_BYTES, sniffArchive, sniffForm } from './sniff.ts';
import { fileEntries, findDocument, giveFile, type OpenedFile } from './zip-content.ts';
import { type Archive, openArchive } from './zip-read.ts';

/** Opens an archive as a backup. `discard` removes what it was decrypted to; null where it was not encrypted. */
export async function openZip(
  file: Blob,
  options: Opener,
  discard: (() => Promise<void>) | null,
): Promise<Result<OpenedBackup, FileFault>> {
  const { limits, signal } = options;
  const opened = await openArchive(file, limits);
  if (!opened.ok) return opened;
  const archive = opened.value;
  const faults: ContentFault[] = [];
  const found = findDocument(archive, limits);
  if (found && !found.ok) return found;
  if (!found && !isOldExport(archive)) {
    const app = sniffArchive(archive.entries.map(({ path }) => path)) ?? (await sniffConversations(archive));
    return err(app ? { type: 'ForeignFile', app } : { type: 'NotABackup' });
  }
  const document = found?.value;
  const folder = document?.folder ?? '';
  const files = fileEntries(archive, folder);
  const size = archive.entries.reduce((sum, entry) => sum + entry.size, 0);
  const reading = () => readingOf(options, size);
  const head = document ? await readDocumentHead({ ...document, ...reading() }) : ok(oldHead(files.length));
  if (!head.ok) return head;
  return ok({
    head: head.value,
    form: document?.form.name ?? 'old',
    archive: true,
    encrypted: discard !== null,
    faults,
    records() {
      faults.length = 0;
      return document
        ? readRecords({ ...document, ...reading() }, head.value, faults)
        : readOldRecords(archive, reading(), limits, faults);
    },
    async *files() {
      for (const entry of files) {
        signal.throwIfAborted();
        const { hash, extension, size: bytes } = entry;
        const give: OpenedFile['give'] = async (use) => {
          const fault = await giveFile(entry, hash, limits, use);
          if (fault) faults.push(fault);
          return fault;
        };
        yield { hash, extension, size: bytes, give };
      }
      const said = head.value.files;
      if (said !== files.length) faults.push({ type: 'FilesDiffer', said, found: files.length });
    },
    async close() {
      await archive.close();
      await discard?.();
    },
  });
}

/** An archive with one `conversations.json`: several apps call theirs that. */
async function sniffConversations({ entries }: Archive) {
  const entry = entries.find(({ path }) => /(?:^|\/)conversations\.json$/.test(path));
  if (!entry) return null;
  const reader = entry.stream().getReader();
  const { value } = await reader.read().catch(() => ({ value: undefined }));
  await reader.cancel().catch(() => {});
  const fault = value ? sniffForm(value.subarray(0, SNIFF_BYTES)) : null;
  return fault && typeof fault !== 'string' && fault.type === 'ForeignFile' ? fault.app : null;
}
