/** What is wrong with a backup file, in words: what happened, what it means, and what to do next. */
import type { ContentFault, FileFault, ForeignApp, Place } from '#core/backup-faults.ts';
import { byteText } from './byte-text.ts';

export interface FaultText {
  /** A few words, without a full stop. */
  readonly title: string;
  readonly advice: string;
}

type AnyFault = FileFault | ContentFault;
type Texts = { readonly [T in AnyFault['type']]: (fault: Extract<AnyFault, { readonly type: T }>) => FaultText };

const OTHER_FILE = 'Pick a backup or an export that Holdfast wrote: a .json, .yaml, .zip or .age file.';
const NEWER_COPY = 'Nothing was changed here. Look for another copy of the backup, or an older one.';
const LEFT_OUT = 'It is left out; everything else in the file can be used.';
const READABLE = 'What can be read is shown before anything is restored: look through it, or take another copy of the backup.';

/** Where in the file, for a person who opens it in an editor. Empty where it concerns the whole. */
export function placeText({ path, offset, line, record }: Place): string {
  const file = path === undefined ? '' : `${path}, `;
  const inRecord = record === null ? '' : `entry ${record}, `;
  return `${file}${inRecord}line ${line} (byte ${offset})`;
}

const at = (place: Place): string => `In ${placeText(place)}.`;

/** Faults of records also come without a place: of a head, or of a part. */
const where = (fault: { readonly place?: Place }): string => (fault.place ? `${at(fault.place)} ` : '');

const texts: Texts = {
  // Not a backup, or not one that this version reads.
  NotABackup: () => ({ title: 'This is no Holdfast backup', advice: OTHER_FILE }),
  EmptyFile: () => ({
    title: 'The file is empty',
    advice: `It may not have been downloaded or copied to its end. Get it again. ${OTHER_FILE}`,
  }),
  NotText: () => ({ title: 'The file is not text', advice: `Nothing in it can be read as a backup. ${OTHER_FILE}` }),
  WebPage: () => ({
    title: 'This is a web page, not a backup',
    advice: 'The download may have ended at a sign-in or error page. Download the backup again, and pick that file.',
  }),
  OtherEncoding: ({ encoding }) => ({
    title: `The file is in ${encoding}, not UTF-8`,
    advice: 'A program has saved it in another encoding. Save it as UTF-8 there, or take the file as Holdfast wrote it.',
  }),
  ForeignFile: ({ app }) => ({ title: `This file comes from ${app}`, advice: foreignAdvice(app) }),
  NewerBackup: ({ version }) => ({
    title: 'A newer Holdfast wrote this backup',
    advice: `Its format is version ${version}. Reload this page to get the newest Holdfast, then open the file again.`,
  }),
  BadHead: ({ member }) => ({
    title: 'The beginning of the backup is damaged',
    advice: `What it says as “${clip(member)}” cannot be read. ${NEWER_COPY}`,
  }),
  // The file as a whole.
  FileUnreadable: ({ reason }) => ({
    title: 'The backup file can no longer be read',
    advice: `It was moved, changed or removed while it was read (${reason}). Pick it again.`,
  }),
  BackupTooLarge: ({ limitBytes }) => ({
    title: 'The backup unpacks to too much',
    advice: `It has more than ${byteText(limitBytes)}, which no Holdfast backup has. Nothing was changed here. ${OTHER_FILE}`,
  }),
  BadArchive: ({ reason }) => ({
    title: 'The ZIP file is damaged',
    advice: `It cannot be unpacked (${reason}). Download or copy it again. ${NEWER_COPY}`,
  }),
  BadPath: ({ path }) => ({
    title: 'The ZIP file has a path that is not safe',
    advice: `Its file “${clip(path)}” is there twice or leads out of the archive. Holdfast writes no such file: take the original.`,
  }),
  // Encrypted files.
  PassphraseNeeded: () => ({ title: 'The backup is encrypted', advice: 'Type its passphrase to open it.' }),
  WrongPassphrase: () => ({
    title: 'That is not the passphrase of this file',
    advice: 'Type it again. Capitals and blanks count, and nobody can open the file without it.',
  }),
  NoPassphraseInside: () => ({
    title: 'The file is encrypted by a key, not a passphrase',
    advice: 'Decrypt it with the age tool and its key, then open what comes out.',
  }),
  EncryptedDamaged: () => ({
    title: 'The encrypted backup is damaged',
    advice: `It was cut off or changed, so that nothing in it can be trusted. Download or copy it again. ${NEWER_COPY}`,
  }),
  // A place in the document.
  Truncated: ({ place }) => ({
    title: 'The backup ends too early',
    advice: `The file breaks off: ${placeText(place)}. Download or copy it again. ${NEWER_COPY}`,
  }),
  TrailingBytes: ({ place }) => ({
    title: 'There is more behind the end of the backup',
    advice: `${at(place)} What follows was not read. ${READABLE}`,
  }),
  BadSyntax: ({ place, reason, ends }) => ({
    title: 'A part of the backup is not well-formed',
    advice: `${at(place)} The reader says: ${reason}. ${ends ? `Nothing behind it can be read. ${NEWER_COPY}` : LEFT_OUT}`,
  }),
  NotUtf8: ({ place }) => ({ title: 'A part of the backup is not UTF-8 text', advice: `${at(place)} ${LEFT_OUT}` }),
  DuplicateKey: ({ place, key }) => ({
    title: 'A name is there twice in one entry',
    advice: `${at(place)} It is “${clip(key)}”, and which of the two counts cannot be known. ${LEFT_OUT}`,
  }),
  DuplicateRecord: ({ place, kind, id }) => ({
    title: 'An entry is there twice',
    advice: `${at(place)} It is ${kind} ${id}. The first one is used.`,
  }),
  NotARecord: (fault) => ({ title: 'An entry is not an object', advice: `${where(fault)}${LEFT_OUT}` }),
  BadMember: (fault) => ({
    title: 'An entry has a value that cannot be used',
    advice: `${where(fault)}It is “${clip(fault.member)}”. ${LEFT_OUT}`,
  }),
  UnknownMember: (fault) => ({
    title: 'An entry has a member that is not of the format',
    advice: `${where(fault)}It is “${clip(fault.member)}”. ${LEFT_OUT}`,
  }),
  RecordTooDeep: (fault) => ({ title: 'An entry is nested too deep', advice: `${where(fault)}${LEFT_OUT}` }),
  RecordTooLarge: (fault) => ({ title: 'An entry is too large', advice: `${where(fault)}${LEFT_OUT}` }),
  TooManyFaults: ({ place }) => ({
    title: 'The backup has too many faults to list',
    advice: `Reading was ended: ${placeText(place)}. ${NEWER_COPY}`,
  }),
  // The document as a whole.
  ChecksumMissing: () => ({
    title: 'The backup has no checksum',
    advice: `Its last line was removed, so that a change of the rest cannot be noticed. ${READABLE}`,
  }),
  ChecksumDiffers: () => ({
    title: 'The backup was changed after it was written',
    advice: `An editor or a failing disk may have done it. ${READABLE}`,
  }),
  CountsDiffer: ({ kind, said, found }) => ({
    title: `The backup says another number of ${kind} entries`,
    advice: `It should have ${said} and has ${found}. ${READABLE}`,
  }),
  FilesDiffer: ({ said, found }) => ({
    title: 'Pictures or files are missing in the backup',
    advice: `It should have ${said} and has ${found}. The texts can be restored all the same.`,
  }),
  FileDamaged: ({ hash }) => ({
    title: 'A picture or file in the backup is damaged',
    advice: `It is files/${hash.slice(0, 12)}…, and ${LEFT_OUT.charAt(0).toLowerCase()}${LEFT_OUT.slice(1)}`,
  }),
};

/** The words for a fault of a backup file. */
export function backupFaultText(fault: AnyFault): FaultText {
  const text = texts[fault.type] as (of: AnyFault) => FaultText;
  return text(fault);
}

/** What the file says of itself may be of any length. */
const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** Whether the file is a folder of Markdown, which can be imported. */
export const isMarkdownOf = (app: ForeignApp): boolean => app === 'Markdown' || app === 'Obsidian' || app === 'Notion';

function foreignAdvice(app: ForeignApp): string {
  if (isMarkdownOf(app))
    return 'Restoring is for backups that Holdfast wrote. Import this instead: you see what it would change before anything is written.';
  return `Restoring is for backups that Holdfast wrote, and it cannot import this file. Nothing was changed here. If ${app} can export Markdown, use Import Markdown under Backups.`;
}
