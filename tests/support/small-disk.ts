/** A disk of so many bytes under a database in memory: what does not fit is refused as a browser refuses it, at the commit. */
import type { Kv } from '#core/ports.ts';
import { err } from '#core/result.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';

export interface SmallDisk {
  readonly kv: Kv<WorkspaceTables>;
  /** Bytes of what can be made again, on the same disk. */
  cacheBytes: number;
  capacityBytes: number;
  /** What the rows take: their JSON. */
  usedBytes(): number;
}

export function createSmallDisk(): SmallDisk {
  const memory = createMemoryKv<WorkspaceTables>(workspaceSchema);
  const sizeOf = (tables: ReturnType<typeof memory.snapshot>): number => JSON.stringify([...tables]).length;
  const disk: SmallDisk = {
    cacheBytes: 0,
    capacityBytes: Number.POSITIVE_INFINITY,
    usedBytes: () => sizeOf(memory.snapshot()),
    kv: {
      ...memory,
      async transact(reads, body, durability) {
        const trial = createMemoryKv<WorkspaceTables>(workspaceSchema, memory.snapshot());
        await trial.transact(reads, body, durability);
        const after = sizeOf(trial.snapshot());
        // Deleting passes on a disk that is full.
        if (after > disk.usedBytes() && after + disk.cacheBytes > disk.capacityBytes) return err({ type: 'QuotaExceeded' });
        return memory.transact(reads, body, durability);
      },
    },
  };
  return disk;
}
