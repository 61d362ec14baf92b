/** The drain with everything around it: the lock, the news to every context, and the memory of how it went. */
import { type SyncNews, syncLock } from '#core/channels.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { leftMs } from '#core/pacing.ts';
import type { BytesRequest, BytesTransport, Channel, Clock, Locks, Random, Transport } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import { backoffMs, retryAfterOf } from './backoff.ts';
import { type DrainOutcome, drain } from './drain.ts';
import type { Identity } from './enter.ts';
import { createLargeBodies, type Wire } from './large-bodies.ts';
import { MAX_RETRY_AFTER_MS } from './request.ts';

/** A server that asks for a longer silence than this is asked again all the same when the person wishes it. */
const MAX_FORCED_SILENCE_MS = 5 * 60_000;

export interface DrainerOptions {
  readonly workspaceId: string;
  readonly identity: Identity;
  readonly store: SyncStore;
  readonly transport: Transport;
  /** What large bodies travel by. Absent: they travel inside of their ops, and those of others are not read. */
  readonly bytes?: BytesTransport;
  /** From how many UTF-16 code units on a body is large; absent: `LARGE_BODY_CHARS`. */
  readonly largeBody?: number | undefined;
  readonly locks: Locks;
  readonly channel: Pick<Channel<SyncNews>, 'post'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly random: Random;
  /** Whether the person lets this device sync; asked before each run and each request. Absent: always. */
  readonly isOn?: () => Promise<Result<boolean, KvError>>;
}

export interface Drainer {
  /** Runs one drain, after whoever drains this workspace now. Calls that meet a waiting one share it. */
  run(options?: { readonly force?: boolean }): Promise<Result<DrainOutcome, KvError>>;
}

export function createDrainer(options: DrainerOptions): Drainer {
  const { workspaceId, identity, store, locks, channel, clock, random, bytes, isOn = async () => ok(true) } = options;
  /** Switched off in the middle of a run, nothing more goes out: what was claimed is sent again when sync is on. */
  const whileOn = async <V>(ask: () => Promise<Result<V, { readonly reason: string }>>) => {
    const on = await isOn();
    return on.ok && on.value ? ask() : err({ reason: 'sync is off' });
  };
  const bodies = bytes && {
    transport: { requestBytes: (request: BytesRequest) => whileOn(() => bytes.requestBytes(request)) },
    accountId: identity.accountId,
    clock,
    limit: options.largeBody,
  };
  const transport: Wire = {
    request: (request) => whileOn(() => options.transport.request(request)),
    bodies: bodies && createLargeBodies(bodies),
  };
  let waiting: { readonly force: boolean; readonly result: Promise<Result<DrainOutcome, KvError>> } | null = null;

  /** The server asked for it (Retry-After), so it binds every caller; for long, all but "Try again" and the end of a page. */
  let silence: { readonly error: SyncError; readonly until: number } | null = null;

  /** To whoever waits for news, a device that does not sync has nothing to say. */
  const rest = (): Result<DrainOutcome, KvError> => {
    channel.post({ type: 'sync-ended', workspaceId, error: null, retryAt: null, nextDueAt: null, answered: false });
    return ok({ error: null, nextDueAt: null });
  };

  const runLocked = async (force: boolean): Promise<Result<DrainOutcome, KvError>> => {
    const on = await isOn();
    if (!on.ok) return on;
    if (!on.value) return rest();
    if (silence && leftMs(silence.until, clock.now(), force ? MAX_FORCED_SILENCE_MS : MAX_RETRY_AFTER_MS) > 0) {
      const { error, until } = silence;
      channel.post({ type: 'sync-ended', workspaceId, error, retryAt: until, nextDueAt: null });
      return ok({ error, nextDueAt: null });
    }
    const run = mintId(clock.now(), random);
    channel.post({ type: 'sync-started', workspaceId, run });
    const before = await store.position();
    const result = await drain({ store, transport, identity, force });
    const stillOn = await isOn();
    if (stillOn.ok && !stillOn.value) return rest();
    const error = result.ok ? result.value.error : null;
    const attempts = before.ok ? before.value.attempts : 0;
    const retryAfterMs = retryAfterOf(error);
    const retryAt = error ? clock.now() + backoffMs(attempts, retryAfterMs, random) : null;
    silence = error && retryAfterMs !== null ? { error, until: clock.now() + retryAfterMs } : null;
    if (result.ok) await store.noteOutcome(error, retryAt ?? 0);
    const nextDueAt = result.ok ? result.value.nextDueAt : null;
    // A run that this device's own disk has ended says nothing of the server.
    channel.post({ type: 'sync-ended', workspaceId, run, error, retryAt, nextDueAt, answered: result.ok && error === null });
    return result;
  };

  return {
    async run({ force = false } = {}) {
      if (waiting && (waiting.force || !force)) return waiting.result;
      const result = locks
        .hold(syncLock(workspaceId), () => {
          if (waiting?.result === result) waiting = null;
          return runLocked(force);
        })
        .then((held) => held ?? ok({ error: null, nextDueAt: null }));
      waiting = { force, result };
      return result;
    },
  };
}
