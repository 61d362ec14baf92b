/** What the requests of one run have in common: how much they carry, and which life of the server they speak to. */
import type { SyncError } from '#core/errors.ts';
import { MAX_PUSH_BYTES, MAX_PUSH_OPS, type PushAnswer } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import type { ClaimRequest, SyncPosition } from '#core/sync-store.ts';

/** The smallest that a request is made. */
export const MIN_BYTES = 8192;

export const claimOf = (force: boolean): ClaimRequest => ({ limit: MAX_PUSH_OPS, maxBytes: MAX_PUSH_BYTES, force });

export const envelope = ({ epoch, seen }: SyncPosition) => ({ protocol: PROTOCOL, epoch, seen });

/** An answer from another life of the account is not applied, whoever failed to notice. */
export function otherLife({ epoch }: SyncPosition, answer: Pick<PushAnswer, 'epoch'>): SyncError | null {
  return epoch !== null && answer.epoch !== epoch ? { type: 'ReconcileNeeded', epoch: answer.epoch } : null;
}

/** `max`, half of it after a run that ended for want of an answer, a quarter after two, until one succeeds. */
export const halved = (max: number, { timeouts }: SyncPosition, min: number): number =>
  Math.max(min, Math.floor(max / 2 ** timeouts));

/** What the server has sent meets a version that it has lost and not taken back (`SyncStore.keepLost`). */
export const compareAgain = ({ epoch }: SyncPosition): SyncError => ({ type: 'ReconcileNeeded', epoch });
