/**
 * Brings a file: all of it is read and looked through, and only then does it count as a backup that can be restored from. Whatever ends it before,
 * nothing of it is listed.
 */
import { openBackupFile } from '#backup/format/open-file.ts';
import type { FileLimits, OpenedBackup } from '#backup/format/opened-backup.ts';
import type { BackupRecord } from '#backup/format/record.ts';
import { isSecret, type PlainSecret, readSecret } from '#backup/format/secret-record.ts';
import type { TempFiles } from '#backup/format/temp-files.ts';
import { type Bringing, OutOfOrder } from '#backup/kept/bring-records.ts';
import { goOnUnless } from '#backup/kept/write-backup.ts';
import { type ContentFault, endsReading } from '#core/backup-faults.ts';
import type { BackupInfo, BackupProgress } from '#core/backups.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { BytePieces } from '#core/byte-pieces.ts';
import type { BringOptions, BroughtFile } from '#core/restores.ts';
import { sortRecords } from './sort-records.ts';

export interface BringWorld {
  readonly temp: TempFiles;
  /** `createKeptBackups().bring`, with its pauses. */
  readonly keep: (bringing: Bringing) => Promise<BackupInfo>;
  /** Those of `hashes` whose bytes are in the workspace, and stay there: they are about to be named. */
  readonly haveFiles: (hashes: readonly BlobHash[]) => Promise<readonly BlobHash[]>;
  /** Puts bytes of that hash into the workspace, and nothing where they throw. Throws a `Failure`. */
  readonly putFile: (hash: BlobHash, bytes: Blob | BytePieces) => Promise<void>;
  /** Seals the API keys that come with a backup to this browser, before that backup is listed. Throws a `Failure`. */
  readonly keepSecrets: (backup: string, secrets: readonly PlainSecret[]) => Promise<void>;
  readonly signal: AbortSignal;
  readonly tell: (progress: BackupProgress) => void;
  readonly limits?: Partial<FileLimits>;
}

/** What ends it because of what was found in the file. */
class Refused extends Error {
  readonly usable: { readonly records: number } | null;
  constructor(usable: Refused['usable']) {
    super('faulty');
    this.usable = usable;
  }
}

/** Throws a `Failure`: `BackupStopped` where the signal ends it. */
export async function bringFile(file: File, options: BringOptions, world: BringWorld): Promise<BroughtFile> {
  const { signal, temp, tell, limits } = world;
  try {
    const opened = await openBackupFile(file, {
      signal,
      temp,
      ...(limits && { limits }),
      ...(options.passphrase !== undefined && { passphrase: options.passphrase }),
      onProgress: ({ done, total }) => tell({ phase: 'reading', done, total }),
    });
    if (!opened.ok) return { type: 'faulty', faults: [opened.error], usable: null };
    try {
      return await bring(file, opened.value, options, world);
    } finally {
      await opened.value.close();
    }
  } catch (error) {
    goOnUnless(signal);
    throw error;
  }
}

async function bring(file: File, opened: OpenedBackup, options: BringOptions, world: BringWorld): Promise<BroughtFile> {
  const about = aboutOf(file, opened);
  let secrets: PlainSecret[] = [];
  /** API keys are in no backup that is kept: they are held back, and sealed when all of the file has been found right. */
  const withoutSecrets = async function* (): AsyncGenerator<BackupRecord> {
    secrets = [];
    for await (const record of opened.records()) {
      const held = isSecret(record) ? readSecret(record) : null;
      if (held) secrets.push(held);
      else yield record;
    }
  };
  const refuseFaults = (records: number): void => {
    const { faults } = opened;
    if (faults.some(endsReading)) throw new Refused(null);
    if (faults.length > 0 && !options.acceptFaults) throw new Refused({ records });
  };
  const complete: Bringing['complete'] = async (named, records) => {
    refuseFaults(records);
    const sizes = await bringFiles(opened, named, world);
    refuseFaults(records);
    return sizes;
  };
  const beforeList = (id: string): Promise<void> => world.keepSecrets(id, secrets);
  try {
    const backup = await world.keep({ about, records: withoutSecrets(), complete, beforeList }).catch((error: unknown) => {
      if (!(error instanceof OutOfOrder)) throw error;
      return world.keep({ about, records: sortRecords(withoutSecrets(), world.temp), complete, beforeList });
    });
    return { type: 'brought', backup };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { type: 'faulty', faults: [...opened.faults] satisfies readonly ContentFault[], usable: error.usable };
  }
}

/** An export from before there were backups does not say when it was made: the file does. */
function aboutOf({ name, lastModified }: File, { head, form }: OpenedBackup): Bringing['about'] {
  const { app, account, workspace, device, madeAt, localSeq, lacking = 0 } = head;
  return {
    ...{ app, account: account ?? '', workspace, localSeq },
    device: { id: device.id, name: device.name },
    madeAt: Math.max(0, form === 'old' ? lastModified : Date.parse(madeAt)),
    from: { type: 'file', name },
    ...(lacking > 0 && { lacking }),
  };
}

/** Bytes come before the records that name them count. What no record names stays in the file. */
async function bringFiles(
  opened: OpenedBackup,
  named: readonly BlobHash[],
  { haveFiles, putFile, signal, tell }: BringWorld,
): Promise<ReadonlyMap<BlobHash, number>> {
  const wanted = new Set(named);
  const here = new Set(named.length === 0 ? [] : await haveFiles(named));
  const sizes = new Map<BlobHash, number>();
  let done = 0;
  for await (const { hash, size, give } of opened.files()) {
    if (!wanted.has(hash)) continue;
    const counted = async function* (pieces: BytePieces): BytePieces {
      let taken = 0;
      for await (const piece of pieces) {
        yield piece;
        taken += piece.length;
        signal.throwIfAborted();
        tell({ phase: 'files', done: done + Math.min(1, taken / size), total: wanted.size });
      }
    };
    tell({ phase: 'files', done, total: wanted.size });
    const fault = here.has(hash) ? null : await give((pieces) => putFile(hash, counted(pieces)));
    done += 1;
    if (fault) continue;
    signal.throwIfAborted();
    sizes.set(hash, size);
  }
  return sizes;
}
