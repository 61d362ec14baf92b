/** The backups of this browser, for panels: what the store worker does with them, and when there is something new. */

import type { BackupProgress, BackupWatch } from '#core/backups.ts';
import { type BackupNews, backupChannel, restoreLock } from '#core/channels.ts';
import type { BringOptions, RestoreInfo } from '#core/restores.ts';
import { isHeld, openChannel } from '#platform/system.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';
import { createSource, type Observable, type Source } from './observable.ts';

/** A folder into which the browser does not let this app before the person has said so again. */
export interface BarredFolder {
  readonly id: string;
  readonly name: string;
}

/** What the person has picked: a folder, or, where the browser gives none, the files of it with their paths. */
export type PickedFolder = Parameters<BackupPart['lookIntoFolder']>[0];

/** A restore, or the undo of one, that goes on in this tab, whoever shows it. */
export interface RunningRestore {
  /** Null before it has said how far it is. */
  readonly progress: BackupProgress | null;
  readonly isStopping: boolean;
  readonly stop: () => void;
}

/** A file, and the passphrase that has opened it where it is encrypted. */
export interface OfferedFile extends Pick<BringOptions, 'passphrase'> {
  readonly file: File;
}

export interface Backups extends BackupPart {
  /** Called when backups or restores have changed, here or in another tab. Gives the way to end that. */
  onNews(listener: () => void): () => void;
  /** A file that was dropped or picked and may be a backup. Whoever reads it empties this. */
  readonly offered: Source<OfferedFile | null>;
  /** Null while none goes on. */
  readonly running: Observable<RunningRestore | null>;
  /** Whether a restore, or the undo of one, goes on in any tab. */
  isRestoring(): Promise<boolean>;
  suggestPassphrase(): Promise<string>;
  /** The first folder that is barred; null where there is none. It is looked for a while after the start, and when places change. */
  readonly barred: Observable<BarredFolder | null>;
  /** A restore, or the undo of one, that was ended in the middle and waits for the person to go on or to take it back. Looked for at the same times. */
  readonly interrupted: Observable<RestoreInfo | null>;
}

/** The first paint and the first sync come first. */
const LOOK_AFTER_MS = 3000;

export function createBackups(calls: BackupPart, workspaceId: string): Backups {
  const barred = createSource<BarredFolder | null>(null);
  const news = openChannel<BackupNews>(backupChannel(workspaceId));
  const running = createSource<RunningRestore | null>(null);
  const interrupted = createSource<RestoreInfo | null>(null);
  const isRestoring = (): Promise<boolean> => isHeld(restoreLock(workspaceId));
  const lookForRestores = async (): Promise<void> => {
    const found = await calls.restores();
    const begun = found.ok ? found.value.find(({ state }) => state === 'applying' || state === 'undoing') : undefined;
    interrupted.set(begun && !running.value && !(await isRestoring()) ? begun : null);
  };
  const look = async (): Promise<void> => {
    const found = await calls.barredFolders();
    const [first = null] = found.ok ? found.value : [];
    if (first?.id !== barred.value?.id) barred.set(first);
  };
  setTimeout(() => void Promise.all([look(), lookForRestores()]), LOOK_AFTER_MS);
  news.onMessage(({ type }) => {
    if (type === 'places') void look();
    else if (type === 'backups') void lookForRestores();
  });
  /** Follows a call that goes on when the panel that began it has been left. */
  const followed = async <V>(watch: BackupWatch | undefined, call: (watch: BackupWatch) => Promise<V>): Promise<V> => {
    let isStopping = false;
    let progress: BackupProgress | null = null;
    const show = (): void => running.set({ progress, isStopping, stop });
    const stop = (): void => {
      isStopping = true;
      show();
    };
    show();
    interrupted.set(null);
    try {
      return await call((now) => {
        progress = now;
        show();
        return watch?.(now) !== false && !isStopping;
      });
    } finally {
      running.set(null);
      void lookForRestores();
    }
  };
  return {
    ...calls,
    restoreBackup: (id, choice, watch) => followed(watch, (all) => calls.restoreBackup(id, choice, all)),
    resumeRestore: (id, watch) => followed(watch, (all) => calls.resumeRestore(id, all)),
    undoRestore: (id, watch) => followed(watch, (all) => calls.undoRestore(id, all)),
    suggestPassphrase: async () => (await import('#crypto/passphrase.ts')).suggestPassphrase(),
    offered: createSource<OfferedFile | null>(null),
    running,
    interrupted,
    isRestoring,
    onNews: news.onMessage,
    barred,
  };
}
