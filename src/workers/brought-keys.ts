/** The API keys that came with a backup, in a restore from it. */
import { SECRET_KIND } from '#backup/format/secret-record.ts';
import { take } from '#backup/kept/failure.ts';
import { idsIn } from '#backup/kept/sweep-place.ts';
import { type BoxKey, planSecrets, secretItem } from '#backup/restore/brought-secrets.ts';
import type { PlannedKey, RestoreChoice, SealedKey } from '#core/restores.ts';
import type { RestoreItem } from '#core/restoring.ts';
import { readPresent } from '#store/restore/apply-restore.ts';
import { keepBroughtKeys, readBroughtKeys } from '#store/restore/brought-keys.ts';
import type { StoreContext } from '#store/schema/context.ts';
import type { OpenPlace } from './backup-places.ts';

/** Keeps those of a backup; those of backups that are gone go. Under the lock of the place, before that backup is listed. Throws a `Failure`. */
export async function keepKeys(
  context: Pick<StoreContext, 'kv'>,
  kept: Pick<OpenPlace['kept'], 'list'>,
  backup: string,
  keys: readonly SealedKey[],
): Promise<void> {
  const { backups, unreadable } = await kept.list();
  take(await keepBroughtKeys(context, backup, keys, idsIn({ manifests: backups, unreadable })));
}

/** What a restore would do with them. Throws a `Failure`. */
export const planKeys = async (context: StoreContext, boxKey: BoxKey | null, backup: string): Promise<readonly PlannedKey[]> =>
  plan(context, boxKey, take(await readBroughtKeys(context, backup)));

async function plan(context: StoreContext, boxKey: BoxKey | null, brought: readonly SealedKey[]): Promise<readonly PlannedKey[]> {
  if (!boxKey || brought.length === 0) return [];
  const present = take(
    await readPresent(
      context,
      brought.map(({ id }) => [SECRET_KIND, id]),
    ),
  );
  return planSecrets(brought, present, boxKey);
}

/** What it writes of them: none unless they were asked for, with everything else. Throws a `Failure`. */
export async function keyItems(
  context: StoreContext,
  boxKey: BoxKey | null,
  backup: string,
  { secrets, only }: RestoreChoice,
): Promise<RestoreItem[]> {
  if (!secrets || only) return [];
  const brought = take(await readBroughtKeys(context, backup));
  const planned = await plan(context, boxKey, brought);
  const written = new Set(planned.filter(({ type }) => type !== 'same').map(({ id }) => id));
  return brought.filter(({ id }) => written.has(id)).map(secretItem);
}
