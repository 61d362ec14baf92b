/**
 * Sends what the server lacks of this device's blobs: one after the other, the smallest first, each in parts that go on where the
 * server says that the last one ended. Killed at any point it loses at most a part. It runs beside the drain and under a lock of its
 * own: words never wait for bytes.
 */
import type { BlobQueue } from '#core/blob-queue.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { PartPace } from './part-pace.ts';
import { pause } from './pause.ts';
import { type Ending, type SendPorts, sendOneBlob } from './send-one-blob.ts';

const LOOKED_AT = 20;
/** Breaks in a row without a byte in between that are waited out, a second each and longer. */
const MAX_BREAKS = 4;
const PAUSE_MS = 1000;

export interface SendBlobsOptions extends SendPorts {
  readonly queue: BlobQueue;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  /** What the runs before have learned of this connection. */
  readonly pace: PartPace;
  /** Called after each blob that is no longer waiting. */
  readonly onMoved?: () => void;
}

export interface SentBlobs {
  /** What prevented the rest; null where all that can be sent was, or where there was no time for more. */
  readonly error: SyncError | null;
  /** There was no time for more. */
  readonly isCut: boolean;
}

export async function sendBlobs(options: SendBlobsOptions): Promise<Result<SentBlobs, KvError>> {
  const { queue, pace, onMoved } = options;
  /** What was looked at and stays: it is not looked at again in this run. */
  const passed = new Set<BlobHash>();
  pace.begin();
  for (;;) {
    const waiting = await queue.unsent(LOOKED_AT + passed.size);
    if (!waiting.ok) return waiting;
    const next = waiting.value.find(({ hash }) => !passed.has(hash));
    if (!next) return ok({ error: null, isCut: false });
    pace.keep();
    const ending = await sendThroughBreaks(options, next, pace);
    if (!ending.ok) return ending;
    const { value } = ending;
    if (value.type === 'cut') return ok({ error: null, isCut: true });
    if (value.type === 'stopped' || value.type === 'broken') return ok({ error: value.error, isCut: false });
    if (value.type !== 'sent') passed.add(next.hash);
    const noted =
      value.type === 'sent'
        ? await queue.markSent(next.hash)
        : value.type === 'refused'
          ? await queue.refuse(next.hash, value.why, value.andLarger ? next.size : undefined)
          : ok(undefined);
    if (!noted.ok) return noted;
    onMoved?.();
  }
}

/** A connection that breaks is often back in a moment. */
async function sendThroughBreaks(
  options: SendBlobsOptions,
  blob: { readonly hash: BlobHash; readonly size: number },
  pace: PartPace,
): Promise<Result<Ending, KvError>> {
  let reached = 0;
  for (let breaks = 0; ; ) {
    const ending = await sendOneBlob(options, blob, pace);
    if (!ending.ok || ending.value.type !== 'broken') return ending;
    const { offset } = ending.value;
    // What arrived counts, also where its answer was lost.
    breaks = offset > reached ? 1 : breaks + 1;
    reached = Math.max(reached, offset);
    if (breaks > MAX_BREAKS) return ending;
    await pause(options.clock, PAUSE_MS * breaks, options.signal);
  }
}
