/** API keys that come with a backup: sealed to this browser when they are brought, compared with what is here, and written by a restore. */
import { type PlainSecret, SECRET_KIND } from '#backup/format/secret-record.ts';
import { take } from '#backup/kept/failure.ts';
import { readFields } from '#core/entity.ts';
import type { BackupError } from '#core/errors.ts';
import type { PlannedKey, SealedKey } from '#core/restores.ts';
import type { Present, RestoreItem } from '#core/restoring.ts';
import type { Result } from '#core/result.ts';
import { openSecret, sealSecret } from '#crypto/secret-box.ts';
import { secret } from '#entities/secret.ts';

/** The key of this browser's boxes. */
export type BoxKey = () => Promise<Result<CryptoKey, BackupError>>;

/** Throws a `Failure`. */
export async function sealSecrets(secrets: readonly PlainSecret[], boxKey: BoxKey): Promise<readonly SealedKey[]> {
  if (secrets.length === 0) return [];
  const sealing = take(await boxKey());
  return Promise.all(secrets.map(async ({ id, origin, key }) => ({ id, origin, box: await sealSecret(sealing, key, origin) })));
}

/** What a restore would do with those that this browser can still open. `present` are its rows, in their order. Throws a `Failure`. */
export async function planSecrets(
  brought: readonly SealedKey[],
  present: readonly (Present | null)[],
  boxKey: BoxKey,
): Promise<readonly PlannedKey[]> {
  const opening = take(await boxKey());
  const plan = async ({ id, origin, box }: SealedKey, at: number): Promise<PlannedKey | null> => {
    const row = present[at];
    const here = readFields(secret, row && !row.deleted ? row.fields : {});
    const [mine, theirs] = await Promise.all([openSecret(opening, here.box, here.origin), openSecret(opening, box, origin)]);
    if (!theirs.ok) return null;
    if (here.box === '') return { id, origin, type: 'added', originHere: null };
    const isSame = here.origin === origin && mine.ok && mine.value === theirs.value;
    return { id, origin, type: isSame ? 'same' : 'replaced', originHere: here.origin };
  };
  return (await Promise.all(brought.map(plan))).filter((planned) => planned !== null);
}

/** As what writes a restore takes it. */
export function secretItem({ id, origin, box }: SealedKey): RestoreItem {
  const fields = { origin, box };
  const body = { fields, stamps: {} };
  return { kind: SECRET_KIND, id, fields, plan: () => ({ v: secret.version, body, fresh: Object.keys(fields) }) };
}
