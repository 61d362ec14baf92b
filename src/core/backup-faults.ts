/** Everything that can be wrong with a file that is read as a backup. Plain values; each has words for the person in `ui/text/backup-fault-text.ts`. */

/** Why a value is no record. `member` is the one that is at fault, as a path: `fields.tags`. */
export type RecordFault =
  | { readonly type: 'NotARecord' }
  | { readonly type: 'BadMember'; readonly member: string }
  | { readonly type: 'UnknownMember'; readonly member: string }
  | { readonly type: 'RecordTooDeep' }
  | { readonly type: 'RecordTooLarge' };

/** Why a file has no head that can be read. */
export type HeadFault =
  | { readonly type: 'NotABackup' }
  | { readonly type: 'NewerBackup'; readonly version: number }
  | { readonly type: 'BadHead'; readonly member: string };

/** Where in the text of a backup something is. */
export interface Place {
  /** The file of an archive that it is in; absent where there is one document. */
  readonly path?: string;
  /** Bytes before it, from the beginning of the document. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** The record that it is in or begins, from 1; null outside of records. */
  readonly record: number | null;
}

/** Other apps whose exports are known by what is in them. */
export type ForeignApp =
  | 'ChatGPT'
  | 'Claude'
  | 'Open WebUI'
  | 'LibreChat'
  | 'Joplin'
  | 'Notion'
  | 'Obsidian'
  | 'Evernote'
  | 'Google Keep'
  | 'Markdown';

/** What is wrong at one place of a document. The rest of it may be sound. */
export type TextFault = { readonly place: Place } & (
  | RecordFault
  /** The text is no JSON or YAML here. `reason` is the parser's. `ends`: so that it cannot be known where the next record begins. */
  | { readonly type: 'BadSyntax'; readonly reason: string; readonly ends: boolean }
  /** Bytes that are no UTF-8. */
  | { readonly type: 'NotUtf8' }
  | { readonly type: 'DuplicateKey'; readonly key: string }
  | { readonly type: 'DuplicateRecord'; readonly kind: string; readonly id: string }
  /** The file ends before the document does. */
  | { readonly type: 'Truncated' }
  /** There is more after the end of the document. */
  | { readonly type: 'TrailingBytes' }
  | { readonly type: 'TooManyFaults' }
);

/** What is wrong with a document as a whole: it was changed after it was written, by a person or by a disk. */
export type WholeFault =
  | { readonly type: 'ChecksumMissing' }
  | { readonly type: 'ChecksumDiffers' }
  /** The head says another number of records of this kind. */
  | { readonly type: 'CountsDiffer'; readonly kind: string; readonly said: number; readonly found: number }
  /** As many pictures and files as the head says are not in it. */
  | { readonly type: 'FilesDiffer'; readonly said: number; readonly found: number }
  /** A picture or file whose bytes are not those that its name says. It is left out. */
  | { readonly type: 'FileDamaged'; readonly hash: string };

/** Reading stopped: the bytes themselves could not be had. */
export type StreamFault =
  /** Moved, changed or deleted while it was being read. */
  | { readonly type: 'FileUnreadable'; readonly reason: string }
  /** More than is ever read of one file: by size, or by what an archive unpacks to. */
  | { readonly type: 'BackupTooLarge'; readonly limitBytes: number }
  | { readonly type: 'BadArchive'; readonly reason: string };

/** What is found while records and files are read. */
export type ContentFault = TextFault | WholeFault | StreamFault;

/** Why a file cannot be opened at all. */
export type FileFault =
  | HeadFault
  | TextFault
  | StreamFault
  | { readonly type: 'EmptyFile' }
  /** Zeros, a picture, a program: nothing that can be read as text. */
  | { readonly type: 'NotText' }
  /** A web page, such as the error page of a server that was to give the file. */
  | { readonly type: 'WebPage' }
  /** The beginning of the file in an encoding other than UTF-8. */
  | { readonly type: 'OtherEncoding'; readonly encoding: 'UTF-16' | 'UTF-32' }
  | { readonly type: 'ForeignFile'; readonly app: ForeignApp }
  | { readonly type: 'PassphraseNeeded' }
  | { readonly type: 'WrongPassphrase' }
  /** Encrypted by age, and not by a passphrase. */
  | { readonly type: 'NoPassphraseInside' }
  /** The encrypted file was cut or changed. Nothing of it is used. */
  | { readonly type: 'EncryptedDamaged' }
  /** An archive with a path in it that leads out of it, or that is there twice. */
  | { readonly type: 'BadPath'; readonly path: string };

const ENDING: readonly ContentFault['type'][] = ['Truncated', 'TooManyFaults', 'FileUnreadable', 'BackupTooLarge', 'BadArchive'];

/** Whether reading ends here: what follows cannot be known. */
export const endsReading = (fault: ContentFault): boolean =>
  ENDING.includes(fault.type) || (fault.type === 'BadSyntax' && fault.ends);
