import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import type { Storage } from '#server/storage/storage.ts';
import { readAccountIds } from './account-ids.ts';
import { exportAccount } from './export-account.ts';
import { say } from './say.ts';

interface ExportPlaces {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * `npm start -- export`: one account into the folder, or each into a folder of it that is called by its id. 0: all of it, 1: there is no such account, or
 * something of it is lost on the server, or it cannot be written.
 */
export async function runExport(
  places: ExportPlaces,
  { account, folder }: { readonly account: AccountId | null; readonly folder: string },
): Promise<0 | 1> {
  const deps = { ...places, version: ownVersion() };
  let code: 0 | 1 = 0;
  try {
    for (const id of account === null ? await readAccountIds(places.storage) : [account]) {
      const into = account === null ? join(folder, id) : folder;
      const done = await exportAccount(deps, id, into);
      if (!done) return say(1, `There is no account ${id} here.`);
      say(0, `${into} has ${done.records} entities and ${done.files} pictures and files of account ${id}.`);
      if (done.problems.length > 0) code = say(1, ...done.problems);
    }
  } catch (error) {
    return say(1, `There is no export: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return code;
}

const ownVersion = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
};
