/** What a backup worker does, as `workers/backup.worker.ts` wires it: one context for each call, which ends with it. */
import { bringBackup } from '#backup/kept/bring-backup.ts';
import type { FileSource, FileTarget } from '#backup/kept/copy-backup.ts';
import { caught, take } from '#backup/kept/failure.ts';
import type { BackupInfo, BackupList, MadeReason } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { RestoreChoice, RestoreInfo, RestorePlan } from '#core/restores.ts';
import type { Result } from '#core/result.ts';
import { createStop } from '#core/stop.ts';
import { listRestores, restoreInfo } from '#store/restore/restore-rows.ts';
import { createServerBackups, type ServerBackupsApi } from '#sync/server-backups.ts';
import type { BlobPorts, ContextPorts, Product } from './adapters.ts';
import type { DeviceBackups } from './device-backups.ts';
import type { Actor, RealWork, Scheduler } from './scheduler.ts';

export interface BackupWork {
  backUp(reason: MadeReason): Promise<Result<BackupInfo, BackupError>>;
  list(): Promise<Result<BackupList, BackupError>>;
  verify(id: string): Promise<Result<BackupInfo, BackupError>>;
  remove(id: string): Promise<Result<void, BackupError>>;
  plan(id: string, choice: RestoreChoice): Promise<Result<RestorePlan, BackupError>>;
  restore(id: string, choice: RestoreChoice): Promise<Result<RestoreInfo, BackupError>>;
  resume(id: string): Promise<Result<RestoreInfo, BackupError>>;
  undo(id: string): Promise<Result<RestoreInfo, BackupError>>;
  restores(): Promise<Result<readonly RestoreInfo[], BackupError>>;
  /** Of all devices of the account, on its server. */
  listServer(): Promise<Result<BackupList, BackupError>>;
  /** Copies a backup of this device to the server. */
  copyOut(id: string): Promise<Result<unknown, BackupError>>;
  /** Brings a backup of the server to this device. */
  bringIn(id: string): Promise<Result<BackupInfo, BackupError>>;
  removeFromServer(id: string): Promise<Result<void, BackupError>>;
}

export function createBackupWork(
  scheduler: Scheduler,
  product: Product,
  actor: Actor,
  given: ContextPorts,
  folder: DeviceBackups,
): BackupWork {
  /** Packing and reading what is packed take real time: the world stands still as long as they last. */
  const within = <V>(body: (parts: ReturnType<typeof connect>) => Promise<V>): Promise<Result<V, BackupError>> =>
    scheduler.stand((real) => caught(() => body(connect(real))));

  const connect = ({ ask, back }: RealWork) => {
    const { kv, locks } = given;
    const ports: ContextPorts = {
      ...given,
      kv: {
        read: (reads) => ask(() => kv.read(reads)),
        transact: (reads, body, durability, guess) => ask(() => kv.transact(reads, body, durability, guess)),
        close: () => kv.close(),
      },
      locks: { hold: (name, body, options) => ask(() => locks.hold(name, () => back(body), options)) },
    };
    const gated = folder.connect(actor);
    const place = product.backupPlace({
      ...gated,
      list: (name) => ask(() => gated.list(name)),
      read: (path) => ask(() => gated.read(path)),
      write: (path, bytes) => ask(() => gated.write(path, bytes)),
      remove: (path) => ask(() => gated.remove(path)),
    });
    const { identity, workspaceId } = ports;
    const about = {
      ...{ app: '0.0.0', account: identity.accountId, workspace: workspaceId },
      device: { id: identity.deviceId, name: identity.deviceName },
    };
    const rows = product.backupRows(ports);
    const kept = product.createKept(ports, place, workspaceId);
    const run = { signal: createStop().signal, pause: async () => {}, tell: () => {} };
    const backUp = (reason: MadeReason) => kept.backUp({ ...about, rows }, reason, run);
    const restores = product.createRestores(ports, place, kept, () => backUp('safety'), run);
    const { accountId, deviceId } = identity;
    const api = askingServer(createServerBackups({ ...given, accountId, signal: run.signal }), ask);
    const server = (isOwn: boolean, expected: readonly string[] = []) => {
      const only = isOwn ? deviceId : null;
      const { place: there, files } = product.serverPlace(given, { api, only, expected, notes: place });
      return { place: there, files, kept: product.createKept(ports, there, `server/${accountId}`) };
    };
    /** The pictures and files of this device. */
    const files = (): FileSource & FileTarget => (given.blobs ? filesOf(given, given.blobs, ask) : NO_FILES);
    return { ports, rows, place, kept, run, backUp, restores, server, files };
  };

  const filesOf = (ports: ContextPorts, blobs: BlobPorts, ask: RealWork['ask']): FileSource & FileTarget => {
    const store = product.createBlobs(product.blobContext(ports, blobs));
    return {
      read: async (hash) => take(await ask(() => store.read(hash))),
      have: async (hashes) => new Set(take(await ask(() => store.claim(hashes)))),
      async write(expect, blob) {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        take(await ask(() => store.put(bytes, { type: 'application/octet-stream', expect })));
      },
    };
  };

  return {
    backUp: (reason) => within(({ backUp }) => backUp(reason)),
    list: () => within(({ kept }) => kept.list()),
    verify: (id) => within(({ kept, rows, run }) => kept.verify(id, rows, run)),
    remove: (id) => within(({ kept }) => kept.remove(id)),
    plan: (id, choice) => within(({ restores }) => restores.plan(id, choice, { words: '', limit: 1000 })),
    restore: (id, choice) => within(({ restores }) => restores.restore(id, choice)),
    resume: (id) => within(({ restores }) => restores.resume(id)),
    undo: (id) => within(({ restores }) => restores.undo(id)),
    listServer: () => within(({ server }) => server(false).kept.list()),
    copyOut: (id) =>
      within(async ({ place, kept, run, server, files }) => {
        const manifest = await kept.find(id);
        const target = server(
          true,
          manifest.parts.map(({ hash }) => hash),
        );
        return target.kept.receive(manifest, { ...run, from: place, files: { from: files(), to: target.files } });
      }),
    bringIn: (id) =>
      within(({ ports, rows, kept, run, server, files }) =>
        bringBackup(
          id,
          server(false),
          { type: 'server', name: '' },
          {
            ...{ kept, run, nowMs: ports.clock.now() },
            ...{ files: async () => files(), rows: async () => rows },
          },
        ),
      ),
    removeFromServer: (id) => within(({ server }) => server(false).kept.remove(id)),
    async restores() {
      const found = await listRestores(given);
      return found.ok ? { ok: true, value: found.value.map(restoreInfo) } : found;
    },
  };
}

/** A device of which nobody has any files. */
const NO_FILES: FileSource & FileTarget = { read: async () => null, have: async () => new Set(), write: async () => {} };

/** The server answers in the world's time. */
const askingServer = (api: ServerBackupsApi, ask: RealWork['ask']): ServerBackupsApi => ({
  list: () => ask(() => api.list()),
  missing: (hashes) => ask(() => api.missing(hashes)),
  send: (hash, bytes) => ask(() => api.send(hash, bytes)),
  read: (hash) => ask(() => api.read(hash)),
  keep: (id, backup) => ask(() => api.keep(id, backup)),
  remove: (id) => ask(() => api.remove(id)),
});
