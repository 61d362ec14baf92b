/** What a backup worker does, as `workers/backup.worker.ts` wires it: one context for each call, which ends with it. */
import { caught } from '#backup/kept/failure.ts';
import type { BackupInfo, BackupList, MadeReason } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { RestoreChoice, RestoreInfo, RestorePlan } from '#core/restores.ts';
import type { Result } from '#core/result.ts';
import { createStop } from '#core/stop.ts';
import { listRestores, restoreInfo } from '#store/restore/restore-rows.ts';
import type { ContextPorts, Product } from './adapters.ts';
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
    const kept = product.createKept(ports, place);
    const run = { signal: createStop().signal, pause: async () => {}, tell: () => {} };
    const backUp = (reason: MadeReason) => kept.backUp({ ...about, rows }, reason, run);
    const restores = product.createRestores(ports, place, kept, () => backUp('safety'), run);
    return { ports, rows, kept, run, backUp, restores };
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
    async restores() {
      const found = await listRestores(given);
      return found.ok ? { ok: true, value: found.value.map(restoreInfo) } : found;
    },
  };
}
