import type { FilePort } from '#backup/out/named-files.ts';
import type { RowReader } from '#core/backup-rows.ts';
import type {
  BackedUpVersions,
  BackupInfo,
  BackupList,
  BackupWatch,
  BroughtFrom,
  DownloadChoice,
  DownloadedFiles,
  FoundBackups,
  LostBackups,
  MadeReason,
} from '#core/backups.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { DrillReport } from '#core/drills.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { BackupError } from '#core/errors.ts';
import type { BroughtMarkdown } from '#core/markdown-faults.ts';
import type { BringOptions, BroughtFile, PlanQuery, RestoreChoice, RestoreInfo, RestorePlan } from '#core/restores.ts';
import type { Result } from '#core/result.ts';
import type { PickedSource } from './find-backups.ts';
import type { Received } from './kept-backups.ts';
import type { Manifest } from './manifest.ts';
import type { PlaceSpec } from './place-spec.ts';

/** How a backup is to be written, and where to: into a folder only as Markdown, and not encrypted. */
export interface DownloadTarget extends DownloadChoice {
  readonly folder?: FileSystemDirectoryHandle;
}

/** A backup as one file, of this device where it has any, kept until the browser has copied it; or the name of a folder in the one that was picked. */
export interface DownloadedFile extends DownloadedFiles {
  readonly blob: Blob | null;
  readonly folder: string | null;
}

/** What the worker asks of whoever has started it, while it writes a file. */
export interface DownloadPort extends FilePort {
  readonly watch: BackupWatch;
}

/** The same, of a workspace whose rows only its store worker can read. */
export interface ExportPort extends DownloadPort, RowReader {}

export type ExportedWorkspace = Pick<Manifest, 'account' | 'workspace' | 'device'>;

/** What the backup worker does: one of its own for each call, which ends with it. `BackupCalls` says what the calls mean. */
export interface BackupWorkerApi {
  backUp(workspaceId: string, reason: MadeReason, watch?: BackupWatch): Promise<Result<BackupInfo, BackupError>>;
  list(workspaceId: string, at: PlaceSpec): Promise<Result<BackupList, BackupError>>;
  /** The states of one entity in the backups of this device. */
  versions(workspaceId: string, key: KeyPair): Promise<Result<BackedUpVersions, BackupError>>;
  verify(workspaceId: string, id: string, at: PlaceSpec, watch?: BackupWatch): Promise<Result<BackupInfo, BackupError>>;
  remove(workspaceId: string, id: string, at: PlaceSpec): Promise<Result<void, BackupError>>;
  pin(workspaceId: string, id: string, until: number | null, at: PlaceSpec): Promise<Result<void, BackupError>>;
  accept(workspaceId: string, id: string): Promise<Result<void, BackupError>>;
  bring(workspaceId: string, file: File, options: BringOptions, watch?: BackupWatch): Promise<Result<BroughtFile, BackupError>>;
  /** Copies a backup of this device to another place. */
  copy(workspaceId: string, id: string, to: PlaceSpec, watch?: BackupWatch): Promise<Result<Received, BackupError>>;
  /** Writes the pictures and files of a backup of another place that it lacks there, or has damaged. Gives how many could not be had. */
  fill(
    workspaceId: string,
    id: string,
    at: PlaceSpec,
    isThorough: boolean,
    watch?: BackupWatch,
  ): Promise<Result<number, BackupError>>;
  /** Copies a backup of another place to this device, unless it is here. */
  copyHere(
    workspaceId: string,
    id: string,
    from: PlaceSpec,
    about: BroughtFrom,
    watch?: BackupWatch,
  ): Promise<Result<BackupInfo, BackupError>>;
  /** What lies in a folder that was picked: one list for each workspace of which there are backups. */
  lookInto(workspaceId: string, source: PickedSource): Promise<Result<readonly FoundBackups[], BackupError>>;
  /** Writes the live mirror of the workspace into a place. */
  mirror(workspaceId: string, to: PlaceSpec, watch?: BackupWatch): Promise<Result<Received, BackupError>>;
  plan(
    workspaceId: string,
    id: string,
    choice: RestoreChoice,
    query: PlanQuery,
    watch?: BackupWatch,
  ): Promise<Result<RestorePlan, BackupError>>;
  restore(workspaceId: string, id: string, choice: RestoreChoice, watch?: BackupWatch): Promise<Result<RestoreInfo, BackupError>>;
  resume(workspaceId: string, restoreId: string, watch?: BackupWatch): Promise<Result<RestoreInfo, BackupError>>;
  undo(workspaceId: string, restoreId: string, watch?: BackupWatch): Promise<Result<RestoreInfo, BackupError>>;
  tryRestore(workspaceId: string, id: string | null, watch?: BackupWatch): Promise<Result<DrillReport, BackupError>>;
  download(
    workspaceId: string,
    id: string,
    choice: DownloadTarget,
    at: PlaceSpec,
    port: DownloadPort,
  ): Promise<Result<DownloadedFile, BackupError>>;
  bringMarkdown(
    workspaceId: string,
    name: string,
    from: File | readonly { readonly path: string; readonly file: File }[],
    options: Pick<BringOptions, 'passphrase'>,
    watch?: BackupWatch,
  ): Promise<Result<BroughtMarkdown, BackupError>>;
  /** As `download`, of what is there now. */
  downloadRows(about: ExportedWorkspace, choice: DownloadTarget, port: ExportPort): Promise<Result<DownloadedFile, BackupError>>;
  /** The hashes of what its records name. */
  files(workspaceId: string, id: string, at: PlaceSpec): Promise<Result<readonly BlobHash[], BackupError>>;
  lost(): Promise<Result<readonly LostBackups[], BackupError>>;
  /** The backup of a lost workspace becomes one of `workspaceId`. */
  bringLost(workspaceId: string, lostId: string, id: string, watch?: BackupWatch): Promise<Result<BackupInfo, BackupError>>;
  removeLost(lostId: string): Promise<Result<void, BackupError>>;
}
