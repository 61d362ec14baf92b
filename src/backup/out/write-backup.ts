/** Writes a kept backup as one file: JSON or YAML, a ZIP with its pictures and files, or a folder of Markdown. */
import { type BackupHead, FORMAT, FORMAT_VERSION } from '#backup/format/head.ts';
import { jsonForm } from '#backup/format/json-form.ts';
import type { BackupRecord } from '#backup/format/record.ts';
import { SECRET_KIND, withSecrets } from '#backup/format/secret-record.ts';
import { writeDocument } from '#backup/format/write-document.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import { type BackupFile, writeZip } from '#backup/format/zip-write.ts';
import { Failure, take } from '#backup/kept/failure.ts';
import type { Manifest } from '#backup/kept/manifest.ts';
import { type FolderSink, writeFolder } from '#backup/markdown/write-folder.ts';
import { createZipSink } from '#backup/markdown/zip-sink.ts';
import type { BackupProgress, DownloadChoice, DownloadedFiles } from '#core/backups.ts';
import type { Ledger } from '#core/entity.ts';
import { documentKinds } from '#entities/documents.ts';
import { writeEncrypted } from './encrypted.ts';
import { createNamedFiles, type FilePort, type FoundFiles, findFiles, MISSING_PATH } from './named-files.ts';
import { NO_SECRETS, type OpenedSecrets } from './open-secrets.ts';

export interface BackupSource {
  readonly manifest: Pick<
    Manifest,
    'app' | 'account' | 'workspace' | 'device' | 'madeAt' | 'localSeq' | 'counts' | 'records' | 'blobs'
  >;
  /** The lines of its records, in the order of their keys, each time that it is called. */
  readonly lines: () => AsyncIterable<string>;
  /** Records of a damaged backup that cannot be read and are not among them; absent: none. */
  readonly lacking?: number;
  readonly files: FilePort;
  readonly ledger: Ledger;
  /** The API keys of this browser. Asked only where they are wanted in a file that is encrypted. */
  readonly secrets?: () => Promise<OpenedSecrets>;
}

export interface WriteOptions {
  readonly choice: DownloadChoice;
  /** Called with each step. Whatever it throws ends the work. */
  readonly step: (progress: BackupProgress) => void;
  readonly workFactor?: number;
}

const NONE: FoundFiles = { here: [], missing: 0, missingText: '' };

/** Writes the file and closes `sink`. Rejects with a `Failure`, and with what `sink` and `step` throw; the sink is then of no use. */
export async function writeBackup(
  source: BackupSource,
  sink: WritableStream<Uint8Array>,
  options: WriteOptions,
): Promise<DownloadedFiles> {
  const { choice, step, workFactor } = options;
  const { form, passphrase } = choice;
  if (form === 'markdown') return writeMarkdown(source, sink, options);
  const found = form === 'zip' ? await filesOf(source, step) : NONE;
  // Whatever was asked for: nothing but a passphrase opens a sealed key.
  const asked = choice.secrets && passphrase !== undefined && source.secrets;
  const { secrets, unreadable } = asked ? await asked() : NO_SECRETS;
  const head = headOf(source, found.here.length, secrets.length);
  const total = source.manifest.records + secrets.length + found.here.length;
  let done = 0;
  const counted = async function* <T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const item of items) {
      step({ phase: 'writing', done: done++, total });
      yield item;
    }
  };
  const lines = counted(withSecrets(source.lines(), secrets, source.manifest.counts));
  await writeEncrypted(
    sink,
    passphrase,
    (plain) => {
      if (form !== 'zip') return writeDocument(form === 'json' ? jsonForm : yamlForm, head, lines, plain);
      const added = found.missing > 0 ? [{ path: MISSING_PATH, text: found.missingText }] : [];
      return writeZip(jsonForm, { head, lines, files: counted(bytesOf(source.files, found)), added }, plain);
    },
    workFactor,
  );
  const { lacking = 0 } = source;
  return { files: found.here.length, missing: found.missing, lacking, keys: { written: secrets.length, unreadable } };
}

/** Writes its documents and what they show into a folder. Rejects with what `sink` and `step` throw. */
export async function writeMarkdownInto(
  { manifest, lines, files, lacking = 0 }: Omit<BackupSource, 'ledger' | 'secrets'>,
  sink: FolderSink,
  step: WriteOptions['step'],
): Promise<DownloadedFiles> {
  const documents = documentKinds().reduce((sum, { kind }) => {
    const { live = 0, binned = 0 } = manifest.counts[kind] ?? {};
    return sum + live + binned;
  }, 0);
  const written = await writeFolder({ lines, documents, files }, sink, step);
  return { ...written, lacking, keys: { written: 0, unreadable: 0 } };
}

const writeMarkdown = (
  source: BackupSource,
  sink: WritableStream<Uint8Array>,
  { choice, step, workFactor }: WriteOptions,
): Promise<DownloadedFiles> =>
  writeEncrypted(
    sink,
    choice.passphrase,
    async (plain) => {
      const zip = createZipSink(plain);
      const written = await writeMarkdownInto(source, zip, step);
      await zip.close();
      return written;
    },
    workFactor,
  );

/** What the records name: known only when all of them were looked through, since a list of parts has no extensions. */
async function filesOf({ manifest, lines, files, ledger }: BackupSource, step: WriteOptions['step']): Promise<FoundFiles> {
  if (manifest.blobs.length === 0) return NONE;
  const named = createNamedFiles();
  let done = 0;
  for await (const line of lines()) {
    step({ phase: 'comparing', done: done++, total: manifest.records });
    named.note(line, () => nameIn(line, ledger));
  }
  return findFiles(named, files, (done, total) => step({ phase: 'files', done, total }));
}

/** What a person would call the entity of a line: *note “Photosynthesis”*. */
function nameIn(line: string, ledger: Ledger): string {
  const { kind, id, fields } = JSON.parse(line) as BackupRecord;
  const declaration = ledger.get(kind);
  return declaration ? `${declaration.nouns.one} “${declaration.title(fields)}”` : `${kind} ${id}`;
}

async function* bytesOf(files: FilePort, { here }: FoundFiles): AsyncGenerator<BackupFile> {
  for (const { hash, extension } of here) {
    const bytes = take(await files.read(hash));
    // It was let go since it was found: the head has counted it.
    if (!bytes) throw new Failure({ type: 'PlaceFailed', reason: 'a picture or file went away meanwhile' });
    yield { hash, extension, bytes };
  }
}

const headOf = (
  { manifest: { app, account, workspace, device, madeAt, localSeq, counts }, lacking = 0 }: BackupSource,
  files: number,
  secrets: number,
): BackupHead => ({
  format: FORMAT,
  version: FORMAT_VERSION,
  app,
  account,
  workspace,
  device,
  madeAt: new Date(madeAt).toISOString(),
  localSeq,
  counts: secrets === 0 ? counts : { ...counts, [SECRET_KIND]: { live: secrets, binned: 0 } },
  secrets: secrets > 0,
  files,
  // Whatever a file has said of itself: this one is to be read again.
  ...(lacking > 0 && { lacking: Math.min(lacking, Number.MAX_SAFE_INTEGER) }),
});
