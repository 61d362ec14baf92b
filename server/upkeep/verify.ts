import type { Clock } from '#core/ports.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import type { Storage } from '#server/storage/storage.ts';
import { findPartialBackups } from './check-backups.ts';
import { createProgress } from './progress.ts';
import { type BlobCount, BlobsUnread, EMPTY, makeBlobsSound } from './sound-blobs.ts';

interface VerifyDeps {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
  /** See `makeBlobsSound`. */
  readonly mayBeEmpty: boolean;
}

/** Backups that are named; more are counted. */
const MAX_NAMED = 20;

const WRONG_PLACE =
  'Are the settings those of the server (HOLDFAST_DATA_DIR, HOLDFAST_S3_...)? If they are lost, run "npm start -- verify --lost".';

/** `npm start -- verify`: reads every blob. 0: all are sound, 1: some are not, 2: their place could not be read. */
export async function verify(deps: VerifyDeps): Promise<0 | 1 | 2> {
  const count = await run(deps, true);
  if (!count) return 2;
  const { looked, lost, unreadable } = count;
  if (lost + unreadable === 0) say(`All ${looked} pictures and files are sound.`);
  if (lost > 0)
    say(
      `${lost} of ${looked} pictures and files are damaged or missing. Devices that have them send them again within three days.`,
    );
  sayRest(count);
  const partial = await sayPartial(deps.storage);
  return lost + unreadable + partial === 0 ? 0 : 1;
}

/**
 * The part of `--restored` for pictures and files: the database or their bytes are from a copy. Only what is new to the database is read.
 * 0, or 1 where it could not be done.
 */
export async function matchBlobs(deps: VerifyDeps): Promise<0 | 1> {
  const count = await run(deps, false);
  if (!count) return 1;
  const { looked, lost, unreadable } = count;
  say(
    `${looked - lost} of ${looked} pictures and files of the database are there. Devices that have the others will send them again.`,
  );
  sayRest(count);
  await sayPartial(deps.storage);
  return unreadable === 0 ? 0 : 1;
}

async function run(deps: VerifyDeps, readAll: boolean): Promise<BlobCount | null> {
  const onProgress = createProgress('Reading pictures and files', 'accounts');
  try {
    return await makeBlobsSound({ ...deps, readAll, onProblem: (words) => say(`  ${words}`), onProgress });
  } catch (error) {
    if (!(error instanceof BlobsUnread)) throw error;
    say(`Pictures and files cannot be read (${error.message}). Nothing of them was changed.`);
    say(error.message === EMPTY ? WRONG_PLACE : 'Run "npm start -- verify" once they can be read.');
    return null;
  }
}

/** Says which backups of accounts are not whole. Gives how many. */
async function sayPartial(storage: Storage): Promise<number> {
  const partial = await findPartialBackups(storage);
  if (partial.length === 0) return 0;
  say(`${partial.length} backups of accounts are not whole. What their devices keep next sends again what it shares with them:`);
  for (const line of partial.slice(0, MAX_NAMED)) say(line);
  return partial.length;
}

function sayRest({ unreadable, takenUp, ofNobody }: BlobCount): void {
  if (unreadable > 0) say(`${unreadable} could not be read, and were left as they are. Run "npm start -- verify" again.`);
  if (takenUp > 0)
    say(`${takenUp} that the database did not know were found. They are kept as long as something names them, and 30 days.`);
  if (ofNobody > 0) say(`${ofNobody} belong to accounts that are not in the database, and were left as they are.`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
