import type { FileFault } from './backup-faults.ts';
import type { BackupInfo } from './backups.ts';

/** What can be wrong with the files of a folder of Markdown that is read. Plain values; words for the person are in `ui/text/markdown-fault-text.ts`. */
export type MarkdownFault = {
  /** The file that it is about, from the top of the folder. */
  readonly path: string;
} & (
  | { readonly type: 'Unreadable'; readonly reason: string }
  | { readonly type: 'NotUtf8' }
  | { readonly type: 'DocumentTooLarge'; readonly limitBytes: number }
  /** It stays in the text, as it is. `line` is from 1. */
  | { readonly type: 'BadFrontMatter'; readonly reason: string; readonly line: number }
  /** A document of another kind, which is not read back from Markdown. */
  | { readonly type: 'OtherKind'; readonly kind: string }
  /** Another file is known by the same id: this one becomes a document of its own. */
  | { readonly type: 'SameId'; readonly other: string }
  /** What it shows or links to is not in the folder. The link stays as it is. */
  | { readonly type: 'MissingFile'; readonly target: string }
  | { readonly type: 'FileTooLarge'; readonly target: string; readonly limitBytes: number }
  /** It was changed since it was written here, under a name that says what its bytes are. */
  | { readonly type: 'WrongBytes' }
  /** No document names it: it is left out. */
  | { readonly type: 'NotNamed' }
);

/** What has become of a folder of Markdown that was to be brought. */
export type BroughtMarkdown =
  /** What is wrong is about single files: the others are in the backup. */
  | { readonly type: 'brought'; readonly backup: BackupInfo; readonly faults: readonly MarkdownFault[] }
  | { readonly type: 'nothing'; readonly faults: readonly MarkdownFault[] }
  /** The archive itself cannot be read. */
  | { readonly type: 'unreadable'; readonly fault: FileFault };
