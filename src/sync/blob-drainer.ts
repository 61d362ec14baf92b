/**
 * The sending of blobs with everything around it: its own lock, so that words never wait for bytes, the person's switch, and the memory of
 * what prevented it.
 */
import type { BlobQueue } from '#core/blob-queue.ts';
import { type BlobNews, blobSendLock } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { leftMs } from '#core/pacing.ts';
import type { BytesTransport, Channel, Clock, Locks, Random, Transport } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { createStop, type StopSignal } from '#core/stop.ts';
import { askBlobs } from './ask-blobs.ts';
import { backoffMs, retryAfterOf } from './backoff.ts';
import { createPartPace } from './part-pace.ts';
import { MAX_RETRY_AFTER_MS } from './request.ts';
import { type SentBlobs, sendBlobs } from './send-blobs.ts';
import type { SendPorts } from './send-one-blob.ts';

export interface BlobDrainerOptions {
  readonly workspaceId: string;
  readonly accountId: AccountId;
  readonly queue: BlobQueue;
  readonly bytes: BytesTransport;
  readonly transport: Transport;
  readonly locks: Locks;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly random: Random;
  readonly channel: Pick<Channel<BlobNews>, 'post'>;
  /** See `SendPorts`. */
  readonly pause?: () => Promise<void>;
  /** Whether the person lets this device sync; asked before each request. */
  readonly isOn: () => Promise<Result<boolean, KvError>>;
}

export interface BlobRun {
  /** Ends the run, and the request that is under way. */
  readonly signal: StopSignal;
  /** Also where an earlier run has failed a moment ago. */
  readonly force: boolean;
}

export interface BlobDrainer {
  /** Sends what waits, until it is stopped. Gives null where another context of this browser is at it. */
  run(run: BlobRun): Promise<Result<SentBlobs, KvError> | null>;
}

/** So often the person's switch is asked during a request: a part may take minutes on a slow line. */
const LOOK_MS = 1000;

/** How far it is is posted of files from this size on: as a person sees the progress of adding one. */
const POSTED_BYTES = 1_000_000;

const NOTHING: SentBlobs = { error: null, isCut: false };

export function createBlobDrainer(options: BlobDrainerOptions): BlobDrainer {
  const { workspaceId, queue, locks, clock, random, channel, isOn } = options;
  const pace = createPartPace();

  /** Ends where the run is ended, and within a second where the person switches the sync off; `end` ends the looking. */
  const untilOff = (run: StopSignal): { readonly signal: StopSignal; end(): void } => {
    const { signal, abort } = createStop();
    let isOver = false;
    let cancel = (): void => {};
    const look = async (): Promise<void> => {
      const on = await isOn();
      if (on.ok && !on.value) abort();
      else if (!isOver) cancel = clock.setTimer(LOOK_MS, () => void look());
    };
    if (run.aborted) abort();
    run.addEventListener('abort', abort);
    cancel = clock.setTimer(LOOK_MS, () => void look());
    return {
      signal,
      end() {
        isOver = true;
        cancel();
      },
    };
  };

  const runAlone = async ({ signal, force }: BlobRun): Promise<Result<SentBlobs, KvError>> => {
    const failure = await queue.failure();
    if (!failure.ok) return failure;
    if (!force && leftMs(failure.value?.retryAt ?? 0, clock.now(), MAX_RETRY_AFTER_MS) > 0) return ok(NOTHING);
    const goesOn = async (): Promise<boolean> => {
      if (signal.aborted) return false;
      const on = await isOn();
      return on.ok && on.value && !signal.aborted;
    };
    if (!(await goesOn())) return ok(NOTHING);
    const asked = await askBlobs({ ...options, goesOn });
    if (!asked.ok) return asked;
    const onMoved = (): void => channel.post({ type: 'moved' });
    const onPart: SendPorts['onPart'] = ({ hash, size }, arrived) => {
      if (size >= POSTED_BYTES) channel.post({ type: 'sending', hash, sent: arrived, size });
    };
    const sent = await sendBlobs({ ...options, transport: options.bytes, pace, signal, goesOn, onMoved, onPart });
    if (!sent.ok) return sent;
    const error = sent.value.error ?? asked.value;
    const { attempts = 0, since = clock.now() } = failure.value ?? {};
    const next = error && {
      ...{ attempts: attempts + 1, error, since },
      retryAt: clock.now() + backoffMs(attempts, retryAfterOf(error), random),
    };
    const noted = await queue.noteFailure(next);
    if (!noted.ok) return noted;
    channel.post({ type: 'ended', error, retryAt: sent.value.isCut ? clock.now() : (next?.retryAt ?? null) });
    return ok({ ...sent.value, error });
  };

  return {
    async run({ signal: asked, force }) {
      const send = async (): Promise<Result<SentBlobs, KvError>> => {
        const { signal, end } = untilOff(asked);
        return runAlone({ signal, force }).finally(end);
      };
      return (await locks.hold(blobSendLock(workspaceId), send, { ifAvailable: true })) ?? null;
    },
  };
}
