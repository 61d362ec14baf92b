/**
 * Keeps the second copy in step with the database: is notified of each commit, whoever made it, and writes what waits of those
 * entities a moment later. It never is between a save and its answer. What it misses it finds at its start, which
 * compares the whole outbox.
 */
import { inBatches } from '#core/batches.ts';
import { type KeyPair, keyText, pairText, splitKey } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Channel, Clock, Kv } from '#core/ports.ts';
import { afterQuiet } from '#core/quiet.ts';
import { ok, type Result } from '#core/result.ts';
import { eachInOutbox } from '#store/schema/outbox-pages.ts';
import type { OutboxRow, WorkspaceTables } from '#store/schema/schema.ts';
import type { StoreChange } from '#store/store.ts';
import { type CopyLog, signatureOf } from './log.ts';
import { readUnsent } from './unsent.ts';

/** With the time of a read and an append below the 250 ms that the copy may be behind; each costs the next save a little. */
export const COPY_DELAY_MS = 200;
/** A commit of many entities names none of them: the whole outbox is compared in a pause of such commits. */
const COMPARE = { quietMs: 1000, withinMs: 10_000 };
/** Entities in one read and one append: a save never waits long behind it. */
const BATCH = 50;
const PAGE = 500;

export interface FollowerPorts {
  readonly kv: Kv<WorkspaceTables>;
  readonly log: CopyLog;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly channel: Pick<Channel<StoreChange | { readonly type: string }>, 'onMessage'>;
  /** The copy cannot be written any more: the follower has stopped. */
  readonly onFailure: (error: unknown) => void;
}

export interface Follower {
  /** Writes at once what is waiting to be written. */
  flush(): Promise<void>;
  stop(): void;
}

export function createFollower({ kv, log, clock, channel, onFailure }: FollowerPorts): Follower {
  const dirty = new Map<string, KeyPair>();
  let cancelWrite: (() => void) | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  /** A commit of many entities was learned of. */
  let many = false;
  /** The highest `order` of the outbox rows that were looked at. */
  let lastOrder = 0;
  /** The whole outbox was compared since this follower began. */
  let compared = false;

  const stop = (): void => {
    stopped = true;
    cancelWrite?.();
    compareLater.cancel();
    unsubscribe();
  };
  /** One after the other; the first failure ends it. */
  const enqueue = (step: () => Promise<unknown>): Promise<void> => {
    running = running.then(async () => {
      if (stopped) return;
      try {
        await step();
      } catch (error) {
        stop();
        onFailure(error);
      }
    });
    return running;
  };

  const writeBatch = async (keys: readonly KeyPair[]): Promise<void> => {
    if (stopped) return;
    const found = await readUnsent(kv, keys);
    // A database that does not answer now is asked again with the next change.
    if (!found.ok) return keys.forEach(note);
    const records = found.value.filter((record) => record != null).filter((record) => isNews(record));
    const settled = keys.filter((key, index) => found.value[index] === null && log.known.has(pairText(key)));
    await log.write(records, settled);
    const again = keys.filter((_, index) => found.value[index] === undefined);
    again.forEach(note);
    if (again.length > 0) schedule();
  };
  const isNews = (record: Parameters<typeof signatureOf>[0]): boolean =>
    log.known.get(keyText(record.row)) !== signatureOf(record);

  const writeDirty = async (): Promise<void> => {
    const keys = [...dirty.values()];
    dirty.clear();
    for (const batch of inBatches(keys, BATCH)) await writeBatch(batch);
  };

  /** Brings the copy in step with the whole outbox; the first time what the copy has already is read, too. */
  const compare = async (): Promise<void> => {
    // Of very many that wait, only what is new to the copy is held with its key; of the others not even a second text of it.
    const gone = new Set(log.known.keys());
    const news = new Map<string, KeyPair>();
    const read = await eachWaiting(kv, 0, ({ kind, id, order }) => {
      const text = keyText({ kind, id });
      gone.delete(text);
      if (!compared || !log.known.has(text)) news.set(text, [kind, id]);
      lastOrder = Math.max(lastOrder, order);
    });
    if (!read.ok) return;
    // Of what does not wait any more nothing is to be read. What was saved in this moment is announced, and written again.
    const settled = [...gone].filter((text) => !dirty.has(text));
    if (settled.length > 0) await log.write([], settled.map(splitKey));
    for (const [text, key] of news) dirty.set(text, key);
    compared = true;
    await writeDirty();
  };

  /** What a commit of many entities has queued. Before the first comparison there is no telling what is new. */
  const writeQueued = async (): Promise<void> => {
    if (compared) {
      await eachWaiting(kv, lastOrder, ({ kind, id, order }) => {
        note([kind, id]);
        lastOrder = Math.max(lastOrder, order);
      });
    }
    await writeDirty();
  };

  const note = (key: KeyPair): void => {
    dirty.set(pairText(key), key);
  };
  const schedule = (): void => {
    if (stopped) return;
    cancelWrite ??= clock.setTimer(COPY_DELAY_MS, () => {
      cancelWrite = null;
      const step = many ? writeQueued : writeDirty;
      many = false;
      void enqueue(step);
    });
  };
  /** When no such commit has come for a while: what a long queue sends meanwhile need not be read. */
  const compareLater = afterQuiet(
    (ms, fire) => clock.setTimer(ms, fire),
    COMPARE,
    () => void enqueue(compare),
  );

  const unsubscribe = channel.onMessage((message) => {
    if (message.type !== 'changed' || stopped) return;
    const { keys } = message as StoreChange;
    if (keys === null) {
      many = true;
      compareLater.note();
    } else keys.forEach(note);
    schedule();
  });
  compareLater.note();

  return { flush: () => enqueue(compared ? writeDirty : compare), stop };
}

const STATES: readonly OutboxRow['state'][] = ['queued', 'sent', 'parked', 'held'];

/** Calls `visit` with every outbox row of an order above `order`, whatever its state. */
async function eachWaiting(
  kv: Kv<WorkspaceTables>,
  order: number,
  visit: (row: OutboxRow) => void,
): Promise<Result<void, KvError>> {
  for (const state of STATES) {
    const read = await eachInOutbox(kv, state, PAGE, visit, order);
    if (!read.ok) return read;
  }
  return ok(undefined);
}
