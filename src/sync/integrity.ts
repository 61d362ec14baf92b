/** Bodies against their hashes: what does not match was damaged on a disk or on the way, and is never taken for the truth. */

import type { SyncError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import type { Damaged, PushResult, RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { MissingBody } from '#core/sync-store.ts';
import type { Wire } from './large-bodies.ts';

export interface Sifted {
  readonly sound: readonly RemoteEntity[];
  /** Those that are not sound, with those that the server itself has named. */
  readonly damaged: readonly MissingBody[];
  /** How many of those are sound as far as one knows, and only not given now. */
  readonly withheld: number;
}

const isSound = ({ body, hash }: RemoteEntity): boolean => hashText(body ?? '') === hash;

const nameOf = ({ kind, id, version, seq, hash }: RemoteEntity): Damaged => ({ kind, id, version, seq, hash });

/**
 * Tells the bodies of an answer that are what they claim to be from those that are not, and fetches those that travel by themselves. One
 * that the server does not give now counts as damaged: the others go on, and it is asked for again. The error where none can be fetched.
 */
export async function siftBodies(
  { bodies }: Wire,
  entities: readonly RemoteEntity[],
  named: readonly Damaged[] = [],
): Promise<Result<Sifted, SyncError>> {
  const sound: RemoteEntity[] = [];
  const damaged: MissingBody[] = [...named];
  let withheld = 0;
  for (const entity of entities) {
    const isWhole = isSound(entity);
    const received = !isWhole ? ok(null) : bodies ? await bodies.receive(entity) : ok(entity);
    if (!received.ok) return received;
    if (received.value) sound.push(received.value);
    else damaged.push(isWhole ? { ...nameOf(entity), withheld: true } : nameOf(entity));
    if (isWhole && !received.value) withheld += 1;
  }
  return ok({ sound, damaged, withheld });
}

/** The answers to a push: a conflict with a body that cannot be merged with is a refusal until there is a better copy. */
export async function siftResults(
  wire: Wire,
  results: readonly PushResult[],
  named: readonly Damaged[] = [],
): Promise<Result<{ readonly results: readonly PushResult[]; readonly damaged: readonly MissingBody[] }, SyncError>> {
  const damaged: MissingBody[] = [...named];
  const sifted: PushResult[] = [];
  for (const result of results) {
    if (result.type === 'rejected' && result.damaged) damaged.push(result.damaged);
    if (result.type !== 'conflict' || !result.current) {
      sifted.push(result);
      continue;
    }
    const taken = await siftBodies(wire, [result.current]);
    if (!taken.ok) return taken;
    const [current] = taken.value.sound;
    const name = nameOf(result.current);
    if (current) sifted.push({ ...result, current });
    else {
      damaged.push(...taken.value.damaged);
      sifted.push({ type: 'rejected', opId: result.opId, reason: 'hash-mismatch', damaged: name });
    }
  }
  return ok({ results: sifted, damaged });
}
