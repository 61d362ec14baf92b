import type { AccountId, DeviceId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import type { Storage } from './storage/storage.ts';

/** One open stream of server-sent events. */
export interface EventStream {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  /** Sends one event; false where the other side no longer takes any, and the stream is to be dropped. */
  readonly send: (event: string, data: object) => boolean;
  readonly end: () => void;
}

export interface EventHub {
  /** Adds a stream and pokes it with the counter as it is. Gives back its removal, or undefined when the server is full. */
  open(stream: EventStream, seq: number): (() => void) | undefined;
  /** Tells the account's streams that its counter has moved. */
  poke(accountId: AccountId, seq: number): void;
  /** Ends the streams of a device that was signed out. */
  drop(accountId: AccountId, deviceId: DeviceId): void;
  /** Ends all streams of an account that was deleted. */
  dropAccount(accountId: AccountId): void;
  size(): number;
  /** Ends all streams; none opens any more. */
  close(): void;
}

/** A device needs one. A second may overlap while another tab takes the lead, or while a dead one has not been noticed. */
const STREAMS_PER_DEVICE = 2;
const MAX_STREAMS = 5000;
/** One account cannot take what all share. */
const MAX_STREAMS_PER_ACCOUNT = 100;
/** Each stream has a heartbeat once in this time; they go out in parts, so that no part takes long. */
const HEARTBEAT_MS = 20_000;
const HEARTBEAT_PARTS = 40;

interface Open extends EventStream {
  seq: number;
  /** Which part of the heartbeat it belongs to. */
  readonly part: number;
}

/**
 * Pokes devices when their account's counter moves: at once for commits of this process, within `pollMs` for those of
 * others. A poke carries no data; losing one costs a delay only. Each heartbeat also ends the stream of a device that
 * was signed out through another process.
 */
export function createEventHub({
  storage,
  clock,
  pollMs,
  onError,
}: {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly pollMs: number;
  readonly onError: (error: unknown) => void;
}): EventHub {
  const streams = new Set<Open>();
  const byAccount = new Map<string, Set<Open>>();
  let part = 0;
  let nextPart = 0;
  let closed = false;
  let stopTimers: (() => void) | undefined;

  const remove = (stream: Open) => {
    if (!streams.delete(stream)) return;
    const own = byAccount.get(stream.accountId);
    own?.delete(stream);
    if (own?.size === 0) byAccount.delete(stream.accountId);
    stream.end();
    if (streams.size > 0) return;
    stopTimers?.();
    stopTimers = undefined;
  };
  const send = (stream: Open, event: string, data: object) => {
    if (!stream.send(event, data)) remove(stream);
  };
  const poke = (accountId: AccountId, seq: number) => {
    for (const stream of byAccount.get(accountId) ?? []) {
      if (stream.seq === seq) continue;
      stream.seq = seq;
      send(stream, 'poke', { seq });
    }
  };

  async function poll(): Promise<void> {
    const seqs = await storage.read((reader) => reader.seqs([...byAccount.keys()]));
    // A busy database is no news; the next round asks again.
    if (seqs.ok) for (const [accountId, seq] of seqs.value) poke(accountId, seq);
  }

  async function beat(): Promise<void> {
    part = (part + 1) % HEARTBEAT_PARTS;
    for (const stream of [...streams].filter((each) => each.part === part)) {
      send(stream, 'heartbeat', {});
      const device = await storage.read((reader) => reader.device(stream.accountId, stream.deviceId));
      if (device.ok && device.value?.revokedAt !== null) remove(stream);
    }
  }

  function startTimers(): void {
    const every = (ms: number, step: () => Promise<void>): (() => void) => {
      let cancel = clock.setTimer(ms, function fire() {
        cancel = clock.setTimer(ms, fire);
        step().catch(onError);
      });
      return () => cancel();
    };
    const stops = [every(pollMs, poll), every(HEARTBEAT_MS / HEARTBEAT_PARTS, beat)];
    stopTimers = () => {
      for (const stop of stops) stop();
    };
  }

  return {
    open(stream, seq) {
      if (closed || streams.size >= MAX_STREAMS) return undefined;
      const ofAccount = [...(byAccount.get(stream.accountId) ?? [])];
      const own = ofAccount.filter(({ deviceId }) => deviceId === stream.deviceId);
      const replaced = own.slice(0, Math.max(0, own.length + 1 - STREAMS_PER_DEVICE));
      if (ofAccount.length - replaced.length >= MAX_STREAMS_PER_ACCOUNT) return undefined;
      for (const oldest of replaced) remove(oldest);
      nextPart = (nextPart + 1) % HEARTBEAT_PARTS;
      const open: Open = { ...stream, seq, part: nextPart };
      streams.add(open);
      byAccount.set(stream.accountId, (byAccount.get(stream.accountId) ?? new Set()).add(open));
      if (!stopTimers) startTimers();
      send(open, 'poke', { seq });
      return () => remove(open);
    },
    poke,
    drop(accountId, deviceId) {
      for (const stream of byAccount.get(accountId) ?? []) if (stream.deviceId === deviceId) remove(stream);
    },
    dropAccount(accountId) {
      for (const stream of byAccount.get(accountId) ?? []) remove(stream);
    },
    size: () => streams.size,
    close() {
      closed = true;
      for (const stream of streams) remove(stream);
    },
  };
}
