/** Bodies against their hashes: what does not match was damaged on a disk or on the way, and is never taken for the truth. */
import { hashText } from '#core/hash.ts';
import type { Damaged, PushResult, RemoteEntity } from '#core/protocol.ts';

export interface Sifted {
  readonly sound: readonly RemoteEntity[];
  /** Those that are not sound, with those that the server itself has named. */
  readonly damaged: readonly Damaged[];
}

const isSound = ({ body, hash }: RemoteEntity): boolean => hashText(body ?? '') === hash;

const nameOf = ({ kind, id, version, seq, hash }: RemoteEntity): Damaged => ({ kind, id, version, seq, hash });

/** Tells the bodies of an answer that are what they claim to be from those that are not. */
export function siftBodies(entities: readonly RemoteEntity[], named: readonly Damaged[] = []): Sifted {
  const unsound = entities.filter((entity) => !isSound(entity));
  const sound = unsound.length === 0 ? entities : entities.filter((entity) => !unsound.includes(entity));
  return { sound, damaged: [...named, ...unsound.map(nameOf)] };
}

/** The answers to a push: a conflict with a body that cannot be merged with is a refusal until there is a better copy. */
export function siftResults(
  results: readonly PushResult[],
  named: readonly Damaged[] = [],
): { readonly results: readonly PushResult[]; readonly damaged: readonly Damaged[] } {
  const damaged = [...named];
  const sifted = results.map((result): PushResult => {
    if (result.type === 'rejected' && result.damaged) damaged.push(result.damaged);
    if (result.type !== 'conflict' || !result.current || isSound(result.current)) return result;
    const name = nameOf(result.current);
    damaged.push(name);
    return { type: 'rejected', opId: result.opId, reason: 'hash-mismatch', damaged: name };
  });
  return { results: sifted, damaged };
}
