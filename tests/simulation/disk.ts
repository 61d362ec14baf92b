/**
 * What survives of a device when everything on it dies: its databases. A context gets a connection whose every call
 * passes the scheduler before and after its effect, and may be refused by a full or broken disk.
 */
import type { KvError } from '#core/errors.ts';
import type { Kv, KvSchema, Tables, Write } from '#core/ports.ts';
import { err, type Result } from '#core/result.ts';
import { createMemoryKv, type MemoryKv, type MemorySnapshot } from '#store/kv/kv-memory.ts';
import { createFaults, type Fault } from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** How the next writing transactions end, where not well. */
export interface DiskFault extends Fault {
  /** `full`: no room, nothing written. `lost`: the connection breaks before the commit. `untold`: it breaks after. */
  readonly type: 'full' | 'lost' | 'untold';
}

/** A committed transaction, as the oracles see it. */
export interface Commit<T extends Tables> {
  readonly actor: Actor;
  readonly writes: readonly Write<T>[];
}

export interface Disk<T extends Tables> {
  /**
   * A connection. With `prompt` its transactions take their place at once: a page that is about to end begins one
   * before anything else can, and no later one can overtake it.
   */
  connect(actor: Actor, prompt?: boolean): Kv<T>;
  /** Reads past the scheduler, for oracles and for the end of a run. */
  readonly rows: MemoryKv<T>;
  fail(fault: DiskFault): void;
  /** Ends all faults. */
  repair(): void;
  /** The power goes: commits that were only relaxed since the last strict one are undone. */
  cutPower(): void;
  erase(): void;
}

export function createDisk<T extends Tables>(
  name: string,
  schema: KvSchema<T>,
  scheduler: Scheduler,
  onCommit: (commit: Commit<T>) => void,
): Disk<T> {
  let memory = createMemoryKv(schema);
  /** The rows at the last strict commit, while relaxed ones have followed it. */
  let durable: MemorySnapshot | null = null;
  const faults = createFaults<DiskFault>();

  const broken: Result<never, KvError> = err({ type: 'ConnectionLost', reason: 'simulated' });

  return {
    get rows() {
      return memory;
    },
    fail: faults.add,
    repair: faults.clear,
    cutPower() {
      if (durable) memory = createMemoryKv(schema, durable);
      durable = null;
    },
    erase() {
      memory = createMemoryKv(schema);
      durable = null;
    },
    connect: (actor, prompt = false) => ({
      async read(reads) {
        await scheduler.gate(actor, `${name} read`);
        return memory.read(reads);
      },
      async transact(reads, body, durability = 'strict', guess) {
        if (!prompt) await scheduler.gate(actor, `${name} transact`);
        const fault = faults.strike()?.type ?? null;
        if (fault === 'lost') return broken;
        const relaxed = durability === 'relaxed';
        if (relaxed) durable ??= memory.snapshot();
        let commit: Commit<T> | null = null;
        let refused = false;
        const result = await memory.transact(
          reads,
          (rows) => {
            const outcome = body(rows);
            // A full disk refuses what needs room; deleting always passes.
            refused = fault === 'full' && outcome.writes.some((write) => 'put' in write);
            if (refused) return { writes: [], value: outcome.value };
            commit = { actor, writes: outcome.writes };
            return outcome;
          },
          durability,
          guess,
        );
        if (refused) {
          await scheduler.gate(actor, `${name} aborted`);
          return err({ type: 'QuotaExceeded' });
        }
        if (!relaxed) durable = null;
        if (commit) onCommit(commit);
        await scheduler.gate(actor, `${name} committed`);
        return fault === 'untold' ? broken : result;
      },
      close() {},
    }),
  };
}
