/** What `npm start` is asked to do: its arguments, and the words for them. */
import { isUuid } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { settings } from './config.ts';

export type Command =
  | { readonly type: 'serve' }
  | { readonly type: 'help' }
  | { readonly type: 'restored' }
  | { readonly type: 'check'; readonly quick: boolean }
  | { readonly type: 'verify'; readonly lost: boolean }
  | { readonly type: 'backup'; readonly file: string; readonly databaseOnly: boolean }
  | { readonly type: 'restore'; readonly file: string; readonly withoutDamaged: boolean; readonly lost: boolean }
  /** `account` null: all of them. */
  | { readonly type: 'export'; readonly account: string | null; readonly folder: string }
  | { readonly type: 'delete-account'; readonly account: string; readonly sure: boolean };

export const HELP = `Holdfast server: the sync API and the built app.

Usage: npm start                     serves
       npm start -- backup FILE      copies the data of a running server into FILE: database, pictures and files
       npm start -- restore FILE     puts such a copy in place of what a stopped server has
       npm start -- check            reads the whole database, pictures and files, and says what is damaged
       npm start -- verify           reads every picture and file, and asks devices again for what is damaged or missing
       npm start -- export --account ID --json DIR
                                     writes an account as a backup that the app can restore; --all instead of --account ID: each of them
       npm start -- delete-account ID
                                     says what an account has, and with --yes deletes it permanently
       npm start -- --restored       to be run once after the database was put back from a copy by hand
       npm start -- --help

  backup       FILE is an archive that tar can read. It is consistent, checked whole, and readable for its owner only. The server may be running.
               Pictures and files that are damaged or missing on the server are named, and it ends with 1. With --database: the database alone,
               for who copies the folder of pictures and files, or the bucket, by other means.
  restore      The server must be stopped. The copy is read and checked first; then all of it is restored, or nothing, also where the
               process is ended at any moment. What was there before is kept in a folder beside. Every device compares its past with
               the copy, and brings back what it lacks. Pictures and files go where the settings say: into the data folder, or the bucket.
               With --without-damaged: also where pictures or files in the copy are damaged. With --lost: also where not one picture or file is
               there any more, though the database here speaks of some, or the copy has the database alone. Else their disk may be away.
  check        Ends with 0 where all is sound, 1 where something is damaged, 2 where it could not look. Changes nothing;
               the server may be running. With --quick: the structure only, not every body.
  verify       Ends with 0 where all is sound, 1 where something is not: devices that have it send it again. 2 where it could not
               look. The server may be running. With --lost: also where not one of them is there any more.
  export       DIR is made, or empty: backup.json in it, and the pictures and files that it names under files/. The server may be running.
  delete-account  Without --yes nothing is deleted. With it the account is gone at once for all of its devices, which keep what they have, and everything
               of it is erased: entities, history, pictures, files, backups, devices, name and password. What stays is its id, so that no device makes
               it anew, also after a restore. The server may be running.
  --restored   To be run while the server is stopped. Every device then compares its whole past with what the copy holds. Devices that were signed out after
               the copy was made, and passwords, stay as the file holdfast-access.log beside the database says. Pictures and
               files that are not there are asked for again; those that the copy does not know are kept as long as it names them.

Arguments that are not understood end with 2.

Environment:
${settings.map(({ name, initial, help }) => `  ${name}${initial && ` (${initial})`}\n      ${help}`).join('\n')}
`;

/** Options that take a value, and those that do not, by command. */
const OPTIONS: {
  readonly [command: string]: { readonly flags: readonly string[]; readonly values: readonly string[]; readonly files: number };
} = {
  check: { flags: ['--quick'], values: [], files: 0 },
  verify: { flags: ['--lost'], values: [], files: 0 },
  backup: { flags: ['--database'], values: [], files: 1 },
  restore: { flags: ['--without-damaged', '--lost'], values: [], files: 1 },
  'delete-account': { flags: ['--yes'], values: [], files: 1 },
  export: { flags: ['--all'], values: ['--account', '--json'], files: 0 },
  '--restored': { flags: [], values: [], files: 0 },
  '--help': { flags: [], values: [], files: 0 },
};

interface Given {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly files: readonly string[];
}

/** Reads the arguments. An error is a sentence that says what is wrong with them. */
export function readCommand(args: readonly string[]): Result<Command, string> {
  const [name, ...rest] = args;
  if (name === undefined) return ok({ type: 'serve' });
  const given = readOptions(name, rest);
  if (!given.ok) return given;
  const { flags, values, files } = given.value;
  const [file = ''] = files;
  switch (name) {
    case '--help':
      return ok({ type: 'help' });
    case '--restored':
      return ok({ type: 'restored' });
    case 'check':
      return ok({ type: 'check', quick: flags.has('--quick') });
    case 'verify':
      return ok({ type: 'verify', lost: flags.has('--lost') });
    case 'backup':
      return ok({ type: 'backup', file, databaseOnly: flags.has('--database') });
    case 'restore':
      return ok({ type: 'restore', file, withoutDamaged: flags.has('--without-damaged'), lost: flags.has('--lost') });
    case 'delete-account':
      return isUuid(file) ? ok({ type: name, account: file, sure: flags.has('--yes') }) : err(notAnId(file));
    default:
      return readExport(flags, values);
  }
}

function readOptions(name: string, rest: readonly string[]): Result<Given, string> {
  const known = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!known) return err(`There is no command ${name}.`);
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const files: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (known.values.includes(word)) {
      const value = rest[++at];
      if (value === undefined || value.startsWith('--')) return err(`${word} needs a value.`);
      if (values.has(word)) return err(`${word} is there twice.`);
      values.set(word, value);
    } else if (known.flags.includes(word)) flags.add(word);
    else if (word.startsWith('-')) return err(`${name} has no option ${word}.`);
    else files.push(word);
  }
  if (files.length < known.files)
    return err(`${name} needs ${name === 'delete-account' ? 'the id of the account' : 'the name of a file'}.`);
  if (files.length > known.files) return err(`${name} does not take ${files.slice(known.files).join(' ')}.`);
  return ok({ flags, values, files });
}

const notAnId = (text: string): string => `${text} is not the id of an account.`;

function readExport(flags: Given['flags'], values: Given['values']): Result<Command, string> {
  const account = values.get('--account') ?? null;
  const folder = values.get('--json');
  if (folder === undefined) return err('export needs --json and the folder to write into.');
  if (flags.has('--all') === (account !== null)) return err('export needs either --account and its id, or --all.');
  if (account !== null && !isUuid(account)) return err(notAnId(account));
  return ok({ type: 'export', account, folder });
}
