/**
 * What the store's worker offers to its page beside the store itself: coarse asynchronous calls, results as values. Plain data
 * both ways. `store-calls.ts` puts the parts together.
 */
import type { BackupCalls } from '#core/backup-calls.ts';
import type { PlaceSettings } from '#core/backup-places.ts';
import type { BackupInfo, BackupWatch, DownloadChoice, DownloadedFiles, FoundBackups } from '#core/backups.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { BackupError, FetchError, KvError, StoreError, SyncError } from '#core/errors.ts';
import type { AccountId, DeviceId } from '#core/ids.ts';
import type { KnownAccount } from '#core/known-account.ts';
import type { BroughtMarkdown } from '#core/markdown-faults.ts';
import type { BringOptions, BroughtFile } from '#core/restores.ts';
import type { Result } from '#core/result.ts';
import type { BlobInfo, BlobUser, BlobWatch, ByteRange, FileCount, NewBlob, RefusedBlob } from '#store/blob-store.ts';
import type { Recovered } from '#store/schema/meta-rows.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';

/** What a page knows that its worker cannot find out by itself. */
export interface StartHints {
  /** The account that this browser was in last, kept beside its databases (`known-account.ts`). */
  readonly known?: KnownAccount;
  /** Words were kept in this browser before. */
  readonly wasUsed?: boolean;
}

export interface OpenedWorkspace {
  readonly row: WorkspaceRow;
  /** The browser refuses IndexedDB: everything works, nothing stays. */
  readonly memory: boolean;
  /** What came back at this start or an earlier one, after the browser had lost it: to be shown. */
  readonly recovered: Recovered | null;
  /** The store's, before anything of it was read. */
  readonly localSeq: number;
}

/** An account that exists on a server, and who this device is to be in it. */
export interface OtherAccount {
  readonly accountId: AccountId;
  readonly accountKey: string;
  readonly deviceId: DeviceId;
  /** The server has already let this device in (it signed in by password). */
  readonly entered: boolean;
  readonly loginName: string | null;
  /** It was made just now: nobody has its recovery code yet. */
  readonly isNew?: true;
}

/** What becomes of the work on this device when another account is opened: taken along, or kept apart. */
export type JoinMode = 'bring' | 'apart';

/** Which account is open in this browser, and what is on its way. */
export interface AccountState {
  /** The open workspace, and the device id under which it is open. */
  readonly workspaceId: string;
  readonly deviceId: DeviceId;
  /** The work of this tab's workspace has been brought into the open one. */
  readonly isBrought: boolean;
  readonly bringing: Bringing | null;
  /** Something may have to be brought into the open account: `resumeBringing` does it. */
  readonly hasWork: boolean;
  /** This tab's store worker has been asked to do so. */
  readonly isResumed: boolean;
}

/** Work on its way into another account, which opens when all of it is there. */
export interface Bringing {
  readonly from: string;
  readonly done: number;
  readonly total: number;
  /** Why it does not go on; null while it does. */
  readonly problem: KvError | null;
}

/** Files of an account that was left, on their way from its server into the open account. */
export interface FilesLeft {
  /** Null while they are looked for. */
  readonly files: number | null;
  /** Why the last try did not get them; null while it goes on. */
  readonly why: FetchError | null;
}

/** An account that this browser holds. */
export interface LocalAccount {
  /** The workspace's id. */
  readonly id: string;
  /** The one that is open. */
  readonly active: boolean;
  readonly loginName: string | null;
  readonly lastOpenedAt: number;
  /** What is in it, by a few of its newest titles. */
  readonly titles: readonly string[];
  /** Its work was brought into another account. */
  readonly retired: boolean;
  readonly entities: number;
  readonly bytes: number;
  /** Changes that are on no server, what closed tabs left included. */
  readonly unsent: number;
  /** What a few of them are about. */
  readonly unsentTitles: readonly string[];
  /** The account can be opened elsewhere: its code was looked at, or a password set, and it was not deleted. */
  readonly wayBack: boolean;
  /** Its server has deleted it. */
  readonly isDeleted: boolean;
  /** Of work that was brought into another account: files that are not there yet. */
  readonly filesLeft: FilesLeft | null;
  /** Its copy here can go and nothing is lost: all of it is on the server, and a way back in exists. */
  readonly mayForget: boolean;
}

/** What one kind takes. */
export interface KindUsage {
  readonly kind: string;
  readonly live: number;
  readonly binned: number;
  /** Estimated, tombstones included. */
  readonly bytes: number;
}

export interface Usage {
  /** Largest first. */
  readonly kinds: readonly KindUsage[];
  /** Earlier revisions, kept on this device alone. */
  readonly history: { readonly states: number; readonly bytes: number };
  /** Files whose bytes are here, by the first word of their media type (`image`); empty where it is not known. Largest first. */
  readonly files: readonly (FileCount & { readonly group: string })[];
  /** Small pictures of files, for lists. */
  readonly thumbnails: FileCount;
  /** Of `files`: what the server has and nobody here has used for two days, so that it may go to make room. */
  readonly spare: FileCount;
  /** Files whose bytes went to make room: they are on the server. */
  readonly letGo: FileCount;
  /** Backups in this browser, with all that they take together. */
  readonly backups: FileCount;
}

/** Answered before a workspace is open. */
export interface StartCalls {
  /**
   * Opens the active workspace, or the one of that id; the first call of a worker's life. Repeated, it answers the same. A
   * page whose worker was lost asks for its own workspace: another one may be active by now.
   */
  open(deviceName: string, workspaceId: string | null, hints: StartHints): Promise<Result<OpenedWorkspace, KvError>>;
  /** Answers at once, whatever else goes on: a worker that does not hangs. */
  ping(): Promise<Result<void, never>>;
}

/** What is quickly said and done about the open workspace and the accounts of this browser. */
export interface WorkspaceCalls {
  /** The workspace's row as it is now. */
  workspace(): Promise<Result<WorkspaceRow, KvError>>;
  updateWorkspace(patch: Partial<Omit<WorkspaceRow, 'id'>>): Promise<Result<void, KvError>>;
  /** The person has read what was recovered. */
  forgetRecovered(): Promise<Result<void, KvError>>;
  /** Whether the person has yet to say how to go on after a start without anything. */
  isUndecided(): Promise<Result<boolean, KvError>>;
  /** The person goes on with what is here. Every tab learns of it. */
  decideStart(): Promise<Result<void, KvError>>;
  accountState(): Promise<Result<AccountState, KvError>>;
  /** Makes a workspace that this browser has the active one. */
  switchAccount(workspaceId: string): Promise<Result<void, KvError>>;
  /** Makes a fresh workspace with an account of its own the active one. */
  startOver(): Promise<Result<void, KvError>>;
  /** What is not there yet stays where it is. */
  stopBringing(from: string): Promise<Result<void, KvError>>;
}

export interface SyncCalls {
  /** Drains here, where no service worker does. */
  drain(force: boolean): Promise<Result<{ readonly error: SyncError | null; readonly nextDueAt: number | null }, KvError>>;
}

/** The blobs of the open workspace, as its page asks for them: `BlobStore` has the contract. */
export interface BlobCalls {
  /** A `File` crosses by reference: its bytes are read by the worker alone. `watch` is asked again and again; false cancels. */
  putBlob(bytes: Blob, about: NewBlob, watch?: BlobWatch): Promise<Result<BlobInfo, StoreError>>;
  readBlob(hash: BlobHash, range?: ByteRange): Promise<Result<Blob | null, StoreError>>;
  blobInfo(hashes: readonly BlobHash[]): Promise<Result<readonly (BlobInfo | null)[], StoreError>>;
  haveBlobs(hashes: readonly BlobHash[]): Promise<Result<readonly BlobHash[], StoreError>>;
  /** Lets go all files that the server has and nobody here has used for two days. Gives what it freed. `watch` is as in `putBlob`. */
  makeRoom(watch?: BlobWatch): Promise<Result<FileCount, StoreError>>;
  /** A few of those that the server has refused. */
  refusedBlobs(): Promise<Result<readonly RefusedBlob[], StoreError>>;
  blobUsers(hashes: readonly BlobHash[], kinds: readonly string[]): Promise<Result<readonly BlobUser[], StoreError>>;
  /** They are sent with the next sync. */
  retryRefusedBlobs(): Promise<Result<void, StoreError>>;
  /**
   * Gets a blob from the server, unless it is here. `watch` is asked some times a second, with the bytes that have come and how many there
   * will be (null: not known); false cancels. Two who ask for the same blob share one way.
   */
  fetchBlob(
    hash: BlobHash,
    watch?: (bytes: number, size: number | null) => unknown,
  ): Promise<Result<BlobInfo, StoreError | FetchError>>;
  putThumbnail(hash: BlobHash, picture: Blob): Promise<Result<void, StoreError>>;
  /** What the editors of this page have shown stays on this device while the page is open. */
  noteShownFiles(tab: string, hashes: readonly BlobHash[]): Promise<Result<void, StoreError>>;
  readThumbnails(hashes: readonly BlobHash[]): Promise<Result<readonly (Blob | null)[], StoreError>>;
}

/** What is done with whole accounts of this browser. */
export interface AccountCalls {
  /**
   * Makes the workspace of another account the active one, at once (`open`) or when all work of the present one is there
   * (`bringing`). The present one stays as it is. Every tab learns of it.
   */
  openAccount(account: OtherAccount, join: JoinMode): Promise<Result<'open' | 'bringing', KvError>>;
  /** Goes on with what is on its way into another account; answers at once. */
  resumeBringing(): Promise<Result<void, KvError>>;
  /** What takes the room, by kind. Reads everything: for the person's question, not for a timer. */
  usage(): Promise<Result<Usage, KvError>>;
  /** Every account of this browser, the open one first. */
  localAccounts(): Promise<Result<readonly LocalAccount[], KvError>>;
  /** Deletes the copy of an account that `mayForget`. */
  forgetAccount(workspaceId: string): Promise<Result<void, KvError>>;
  /** Gives back the room of what can be made again: the search indexes of all accounts. */
  freeCaches(): Promise<Result<void, KvError>>;
  /** Deletes all that Holdfast keeps in this browser: the person's word. This worker is of no use afterwards. */
  erase(): Promise<Result<void, KvError>>;
}

/** How a backup is to be written, and where to: into a folder that was picked only as Markdown, and not encrypted. Without one: as a file. */
interface DownloadTarget extends DownloadChoice {
  readonly folder?: FileSystemDirectoryHandle;
}

/** A backup as one file, or as a folder. */
export interface Downloaded extends DownloadedFiles {
  /** A file of this device where it has any, so that its bytes are in no memory. It is kept until the browser has copied it. */
  readonly blob: Blob | null;
  /** The name of the folder in the one that was picked. */
  readonly folder: string | null;
}

/** A folder that was picked, or the files of one with their paths. */
type PickedFolder = FileSystemDirectoryHandle | readonly { readonly path: string; readonly file: File }[];

/** What a page asks of the backups, files of them included. */
export interface BackupPart extends BackupCalls {
  /** One file of all that is in it. `watch` is asked some times a second; false ends it (`BackupStopped`). */
  downloadBackup(
    id: string,
    choice: DownloadTarget,
    watch?: BackupWatch,
    place?: string,
  ): Promise<Result<Downloaded, StoreError | BackupError>>;
  /** Makes a backup and gives it as one file; where there is no place for one, what is there now all the same. */
  downloadNow(choice: DownloadTarget, watch?: BackupWatch): Promise<Result<Downloaded, StoreError | BackupError>>;
  /** How many pictures and files it names, and how many of them are not on this device. */
  backupFiles(
    id: string,
    place?: string,
  ): Promise<Result<{ readonly files: number; readonly away: number }, StoreError | BackupError>>;
  /**
   * Reads a folder of Markdown, or an archive of one, as a backup that was brought: its documents, with what they show. Those that were written here have
   * their own ids; the same folder gives the same ids each time.
   */
  bringMarkdown(
    name: string,
    from: File | readonly { readonly path: string; readonly file: File }[],
    options: Pick<BringOptions, 'passphrase'>,
    watch?: BackupWatch,
  ): Promise<Result<BroughtMarkdown, StoreError | BackupError>>;
  /**
   * A folder that the person has picked becomes a place. One that is a place already stays as it is. Gives its id. `name`: backups of an earlier
   * browser lie there under it, and are gone on with, until another device writes there as well.
   */
  addBackupFolder(
    folder: FileSystemDirectoryHandle,
    name?: string,
    settings?: Partial<PlaceSettings>,
  ): Promise<Result<string, StoreError | BackupError>>;
  /** What lies in a folder, or in files of it, that the person has picked. Writes nothing. */
  lookIntoFolder(source: PickedFolder): Promise<Result<readonly FoundBackups[], StoreError | BackupError>>;
  /** Copies one of these backups to this device, unless it is here. `about` is what the folder is called. */
  bringFromFolder(
    source: PickedFolder,
    name: string,
    id: string,
    about: string,
    watch?: BackupWatch,
  ): Promise<Result<BackupInfo, StoreError | BackupError>>;
  /** The folders into which the browser does not let this app before the person has said so again. Asks nobody. */
  barredFolders(): Promise<Result<readonly { readonly id: string; readonly name: string }[], StoreError | BackupError>>;
  /** The folder of a place: whoever asks the person for the permission needs it. Null where it is none. */
  backupFolder(place: string): Promise<Result<FileSystemDirectoryHandle | null, StoreError | BackupError>>;
  /**
   * Reads a file of any form as a backup, all of it, and keeps it as one that was brought, with its pictures and files. The same content is the same
   * backup, however often it is brought.
   */
  bringFile(file: File, options: BringOptions, watch?: BackupWatch): Promise<Result<BroughtFile, StoreError | BackupError>>;
}
