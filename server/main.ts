import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openBlobs } from './blobs/open-blobs.ts';
import { type Command, HELP, readCommand } from './command-line.ts';
import { type Config, readConfig } from './config.ts';
import { lockData } from './data-lock.ts';
import { storageRefusal } from './refusal.ts';
import { mintRegistrationCode } from './secrets.ts';
import { serve } from './serve.ts';
import { explainOpenError, toOpenError } from './storage/open-error.ts';
import { openSqlite, type SqliteStorage } from './storage/sqlite.ts';
import { systemClock, systemRandom } from './system.ts';
import { ACCESS_RECORD, DATABASE } from './upkeep/archive.ts';
import { backup } from './upkeep/backup.ts';
import { check } from './upkeep/check.ts';
import { checkBlobs } from './upkeep/check-blobs.ts';
import { runDeletion } from './upkeep/delete-account.ts';
import { runExport } from './upkeep/export.ts';
import { holdsBlobsIn } from './upkeep/holds-blobs.ts';
import { createProgress } from './upkeep/progress.ts';
import { restore } from './upkeep/restore.ts';
import { adoptCopy } from './upkeep/restored.ts';
import { finishSwitch, isHalfSwitched } from './upkeep/switch-database.ts';
import { matchBlobs, verify } from './upkeep/verify.ts';

/** Arguments that are not understood. */
const BAD_ARGUMENTS = 2;

const command = readCommand(process.argv.slice(2));
if (!command.ok) fail([`${command.error} See --help.`], BAD_ARGUMENTS);
else if (command.value.type === 'help') process.stdout.write(HELP);
else {
  const config = readConfig(process.env, () => mintRegistrationCode(systemRandom));
  if (!config.ok) fail(config.error);
  else await run(config.value, command.value);
}

async function run(config: Config, command: Command): Promise<void> {
  const { dataDir } = config;
  const path = join(dataDir, DATABASE);
  const accessPath = join(dataDir, ACCESS_RECORD);
  // An empty folder is another one where its bytes are to be replaced or erased, unless the operator says that they are lost. Who repairs looks for itself.
  const isSure = (command.type === 'restore' && !command.lost) || command.type === 'delete-account';
  const blobs = openBlobs(config, async () => isSure && holdsBlobsIn(path));
  const ports = { blobs, clock: systemClock };
  if (command.type === 'restore') {
    const release = makeFolder(dataDir) ? claim(dataDir, 'exclusive') : undefined;
    if (!release) return;
    const { file, withoutDamaged, lost } = command;
    const target = { ...ports, random: systemRandom, dataDir, accessPath, withoutDamaged, mayBeEmpty: lost };
    process.exitCode = await restore(target, file);
    return release();
  }
  if (command.type !== 'serve' && !isHalfSwitched(dataDir) && !(existsSync(path) && statSync(path).size > 0)) {
    fail(
      [`There is no database in ${dataDir}. Set HOLDFAST_DATA_DIR to the folder of the one that is meant. Nothing was made.`],
      command.type === 'check' || command.type === 'verify' ? 2 : 1,
    );
  } else if (command.type === 'check') {
    const database = check(path, command);
    process.exitCode = Math.max(database, command.quick || database === 2 ? 0 : await checkBlobs(path, blobs));
  } else if (command.type === 'backup') {
    process.exitCode = await backup({ ...ports, path, accessPath }, command.file, command);
  } else {
    await withStorage(config, path, async (storage) => {
      const places = { ...ports, storage };
      if (command.type === 'serve') {
        const problem = await serve(config, storage, accessPath);
        if (problem !== null) fail([problem]);
        return 'serving';
      }
      if (command.type === 'verify') process.exitCode = await verify({ ...places, mayBeEmpty: command.lost });
      else if (command.type === 'export') process.exitCode = await runExport(places, command);
      else if (command.type === 'delete-account')
        process.exitCode = await runDeletion({ ...places, accessPath }, command.account, command.sure);
      else if (command.type === 'restored') {
        const lines = await adoptCopy({ storage, clock: systemClock, random: systemRandom }, accessPath);
        process.stdout.write(`${lines.join('\n')}\n`);
        process.exitCode = await matchBlobs({ ...places, mayBeEmpty: false });
      }
      return 'done';
    });
  }
}

/** Runs what needs the storage of a folder that nobody replaces meanwhile; what goes on serving closes it by itself. */
async function withStorage(
  config: Config,
  path: string,
  use: (storage: SqliteStorage) => Promise<'serving' | 'done'>,
): Promise<void> {
  const release = makeFolder(config.dataDir) ? claim(config.dataDir, 'shared') : undefined;
  if (!release) return;
  const storage = await open(config, path);
  if (storage && (await use(storage)) === 'serving') return;
  await storage?.close();
  release();
}

/** Takes the lock of the folder, and does first what a restore that was killed has left; undefined, with the reason said, where it cannot. */
function claim(dataDir: string, how: 'shared' | 'exclusive'): (() => void) | undefined {
  if (isHalfSwitched(dataDir)) {
    const release = lockData(dataDir, 'exclusive');
    if (release && isHalfSwitched(dataDir)) {
      finishSwitch(dataDir);
      process.stdout.write('A restore that was interrupted is finished.\n');
    }
    release?.();
  }
  const release = lockData(dataDir, how);
  if (release) return release;
  return how === 'exclusive'
    ? fail([`A server or a command is using ${dataDir}. Stop it first. Nothing was changed.`])
    : fail([`A restore is under way in ${dataDir}. Wait until it has ended.`]);
}

function makeFolder(dataDir: string): boolean {
  try {
    // 0700: the database holds what people wrote.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return true;
  } catch (error) {
    const expected = toOpenError(error);
    if (!expected) throw error;
    fail(explainOpenError(expected, dataDir));
    return false;
  }
}

/** The storage, ready to be used; undefined, with the reason said, where there can be none. */
async function open(config: Config, path: string): Promise<SqliteStorage | undefined> {
  const maxBytes = config.maxDatabaseBytes;
  const opened = await openSqlite({ path }, maxBytes === null ? {} : { maxBytes });
  if (!opened.ok) return fail(explainOpenError(opened.error, config.dataDir));
  const storage = opened.value;
  const caughtUp = await storage.catchUp(
    createProgress('Preparing the database after the update', 'versions', 'It can be ended, and goes on from there.'),
  );
  if (caughtUp.ok) return storage;
  await storage.close();
  return fail([storageRefusal(caughtUp.error).error.message]);
}

function fail(reasons: readonly string[], code = 1): undefined {
  process.stderr.write(`${reasons.join('\n')}\n`);
  process.exitCode = code;
}
