/** A start without IndexedDB: the account and the unsent work come back from the second copy. */
import type { KvError } from '#core/errors.ts';
import type { KnownAccount } from '#core/known-account.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { Registry } from '#store/accounts/registry.ts';
import type { Recovered } from '#store/schema/meta-rows.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { type CopyDisk, readTexts } from './disk.ts';
import { openCopyDisks } from './disks.ts';
import { replayUnsent } from './record.ts';
import { readRegistryCopy } from './registry-copy.ts';
import { restoreUnsent } from './restore.ts';

/**
 * Fills an empty registry from the copy or, without one, with the account whose cookie `askByCookie` finds. Gives where
 * it came from, or null: then this is a first start.
 */
export async function recoverRegistry(
  registry: Registry,
  askByCookie: () => Promise<KnownAccount | null>,
): Promise<Result<Recovered['from'] | null, KvError>> {
  const copy = await readRegistryCopy(await openCopyDisks());
  if (copy) {
    const adopted = await registry.adopt(copy.workspaces, copy.activeId);
    return adopted.ok ? ok('copy') : adopted;
  }
  const known = await askByCookie();
  if (!known) return ok(null);
  const opened = await registry.active({
    deviceName: known.deviceName,
    account: { accountId: known.accountId, accountKey: '', deviceId: known.deviceId },
  });
  if (!opened.ok) return opened;
  const { recoverable } = known;
  const updated = await registry.update(opened.value.id, { recoverable, entered: true });
  return updated.ok ? ok('cookie') : updated;
}

/** Puts back what the copy holds of a workspace. Gives how many entities, or null where there is no copy of it. */
export async function recoverUnsent(
  disks: readonly CopyDisk[],
  kv: Kv<WorkspaceTables>,
  workspaceId: string,
): Promise<Result<number | null, KvError>> {
  const texts = await Promise.all(disks.map((disk) => readLog(disk, workspaceId)));
  const found = texts.find((files) => files.length > 0);
  if (!found) return ok(null);
  return restoreUnsent(kv, [...replayUnsent(found).values()]);
}

const readLog = (disk: CopyDisk, workspaceId: string): Promise<readonly string[]> => readTexts(disk, workspaceId).catch(() => []);
