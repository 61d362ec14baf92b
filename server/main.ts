import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openBlobs } from './blobs/open-blobs.ts';
import { type Config, readConfig, settings } from './config.ts';
import { storageRefusal } from './refusal.ts';
import { mintRegistrationCode } from './secrets.ts';
import { serve } from './serve.ts';
import { explainOpenError, toOpenError } from './storage/open-error.ts';
import { openSqlite, type SqliteStorage } from './storage/sqlite.ts';
import { systemClock, systemRandom } from './system.ts';
import { backup } from './upkeep/backup.ts';
import { check } from './upkeep/check.ts';
import { checkBlobs } from './upkeep/check-blobs.ts';
import { createProgress } from './upkeep/progress.ts';
import { adoptCopy } from './upkeep/restored.ts';
import { matchBlobs, verify } from './upkeep/verify.ts';

const HELP = `Holdfast server: the sync API and the built app.

Usage: npm start                     serves
       npm start -- --restored       to be run once after the database was put back from a copy
       npm start -- check            reads the whole database, pictures and files, and says what is damaged
       npm start -- verify           reads every picture and file, and asks devices again for what is damaged or missing
       npm start -- backup FILE      copies the database of a running server into FILE
       npm start -- --help

  --restored   To be run while the server is stopped. Every device then compares its whole past with what the copy holds. Devices that were signed out after
               the copy was made, and passwords, stay as the file holdfast-access.log beside the database says. Pictures and
               files that are not there are asked for again; those that the copy does not know are kept as long as it names them.
  check        Ends with 0 where all is sound, 1 where something is damaged, 2 where it could not look. Changes nothing;
               the server may be running. With --quick: the structure only, not every body.
  verify       Ends with 0 where all is sound, 1 where something is not: devices that have it send it again. 2 where it could not
               look. The server may be running. With --lost: also where not one of them is there any more.
  backup       The copy is consistent, checked whole, and readable for its owner only. The server may be running.

Environment:
${settings.map(({ name, initial, help }) => `  ${name}${initial && ` (${initial})`}\n      ${help}`).join('\n')}
`;

const [command, ...operands] = process.argv.slice(2);
const isKnown =
  command === undefined ||
  (operands.length === 0 && ['--help', '--restored', 'check', 'verify'].includes(command)) ||
  (command === 'check' && operands.join() === '--quick') ||
  (command === 'verify' && operands.join() === '--lost') ||
  (command === 'backup' && operands.length === 1);

if (!isKnown) fail([`Unknown arguments ${process.argv.slice(2).join(' ')}. See --help.`]);
else if (command === '--help') process.stdout.write(HELP);
else {
  const config = readConfig(process.env, () => mintRegistrationCode(systemRandom));
  if (!config.ok) fail(config.error);
  else await run(config.value);
}

async function run(config: Config): Promise<void> {
  const path = join(config.dataDir, 'holdfast.db');
  const accessPath = join(config.dataDir, 'holdfast-access.log');
  if (command !== undefined && !(existsSync(path) && statSync(path).size > 0)) {
    fail([
      `There is no database in ${config.dataDir}. Set HOLDFAST_DATA_DIR to the folder of the one that is meant. Nothing was made.`,
    ]);
    if (command === 'check' || command === 'verify') process.exitCode = 2;
  } else if (command === 'check') {
    const quick = operands.length > 0;
    const database = check(path, { quick });
    const blobs = quick || database === 2 ? 0 : await checkBlobs(path, openBlobs(config));
    process.exitCode = Math.max(database, blobs);
  } else if (command === 'backup') {
    process.exitCode = backup(path, operands[0] ?? '');
  } else if (command === 'verify') {
    const storage = await open(config, path);
    if (storage) process.exitCode = await verify({ ...placesOf(config, storage), mayBeEmpty: operands.length > 0 });
    await storage?.close();
  } else {
    const storage = await open(config, path);
    if (!storage) return;
    if (command === undefined) {
      const problem = await serve(config, storage, accessPath);
      if (problem !== null) fail([problem]);
      return;
    }
    const lines = await adoptCopy({ storage, clock: systemClock, random: systemRandom }, accessPath);
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = await matchBlobs({ ...placesOf(config, storage), mayBeEmpty: false });
    await storage.close();
  }
}

function placesOf(config: Config, storage: SqliteStorage) {
  return { storage, blobs: openBlobs(config), clock: systemClock };
}

/** The storage, ready to be used; undefined, with the reason said, where there can be none. */
async function open(config: Config, path: string): Promise<SqliteStorage | undefined> {
  try {
    // 0700: the database holds what people wrote.
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const expected = toOpenError(error);
    if (!expected) throw error;
    return fail(explainOpenError(expected, config.dataDir));
  }
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

function fail(reasons: readonly string[]): undefined {
  process.stderr.write(`${reasons.join('\n')}\n`);
  process.exitCode = 1;
}
