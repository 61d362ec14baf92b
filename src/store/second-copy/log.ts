/** The log of one workspace's unsent entities: appended to, compacted, emptied when all is acknowledged. */
import { inBatches } from '#core/batches.ts';
import { type KeyPair, keyText } from '#core/entity-key.ts';
import { type CopyDisk, type CopyFile, nextFile, readTexts } from './disk.ts';
import { encodeRecord, replayUnsent, type UnsentRecord } from './record.ts';

/** A log is compacted when it is twice as large as what counts in it, and larger than this. */
const SLACK_BYTES = 256 * 1024;
/** Records in one append of a compaction: what is held in memory at once. */
const BATCH = 100;

export interface CopyLog {
  /** What the log holds of each unsent entity, as `signatureOf` says it. */
  readonly known: ReadonlyMap<string, string>;
  /** Appends the newest state of `unsent`, and that `settled` have been acknowledged. */
  write(unsent: readonly UnsentRecord[], settled: readonly KeyPair[]): Promise<void>;
  close(): void;
}

/** Tells two states of an entity's waiting changes apart. */
export const signatureOf = ({ row, ops, refused }: UnsentRecord): string =>
  [row.localSeq, row.version, refused?.reason, ...ops.map(({ opId, state }) => `${opId} ${state}`)].join(' ');

/** A file counts bytes, of which a character of some scripts takes three: counted as one, it would always look overgrown. */
const bytesPerUnit = (bytes: number, text: string): number => (text === '' ? 1 : bytes / text.length);

/** Opens the log in `folder`. Throws where another context has it open. */
export async function openLog(disk: CopyDisk, folder: string): Promise<CopyLog> {
  const name = (await disk.files(folder)).at(-1) ?? nextFile(undefined);
  const file = await disk.open(folder, name);
  try {
    return await readLog(disk, folder, name, file);
  } catch (error) {
    // Left open it would keep everybody else out.
    file.close();
    throw error;
  }
}

async function readLog(disk: CopyDisk, folder: string, first: string, opened: CopyFile): Promise<CopyLog> {
  const known = new Map<string, string>();
  const sizes = new Map<string, number>();
  let [name, file] = [first, opened];
  let countingBytes = 0;

  const note = (record: UnsentRecord, bytes: number): void => {
    const key = keyText(record.row);
    countingBytes += bytes - (sizes.get(key) ?? 0);
    sizes.set(key, bytes);
    known.set(key, signatureOf(record));
  };
  const forget = (key: string): void => {
    countingBytes -= sizes.get(key) ?? 0;
    sizes.delete(key);
    known.delete(key);
  };

  const compact = async (): Promise<void> => {
    const counting = [...replayUnsent(await readTexts(disk, folder))].filter(([key]) => known.has(key));
    const old = await disk.files(folder);
    const freshName = nextFile(name);
    const fresh = await disk.open(folder, freshName);
    try {
      for (const batch of inBatches(counting, BATCH))
        await fresh.append(batch.map(([, record]) => encodeRecord(record)).join(''));
      // Only now do the files before it say nothing more: killed before this, they are read as well.
      await fresh.append(encodeRecord({ type: 'whole' }));
      await fresh.sync();
    } catch (error) {
      // Left open, it would keep every other context from the log.
      fresh.close();
      throw error;
    }
    file.close();
    [file, name] = [fresh, freshName];
    for (const one of old) if (one !== freshName) await disk.removeFile(folder, one);
  };

  const texts = await readTexts(disk, folder);
  const weight = bytesPerUnit(file.bytes, texts.at(-1) ?? '');
  for (const [, record] of replayUnsent(texts)) note(record, encodeRecord(record).length * weight);
  if (texts.length > 1) await compact();

  return {
    known,
    async write(unsent, settled) {
      const lines = unsent.map((record) => ({ record, line: encodeRecord(record) }));
      const text = lines.map(({ line }) => line).join('');
      const all = settled.length > 0 ? text + encodeRecord({ type: 'settled', keys: settled }) : text;
      const before = file.bytes;
      if (all !== '') await file.append(all);
      const weight = bytesPerUnit(file.bytes - before, all);
      for (const { record, line } of lines) note(record, line.length * weight);
      for (const [kind, id] of settled) forget(keyText({ kind, id }));
      if (known.size === 0) await file.clear();
      else if (file.bytes > 2 * countingBytes + SLACK_BYTES) await compact();
    },
    close: () => file.close(),
  };
}
