/** The files of one device: they survive its contexts, and what was not flushed goes with the power. */

import type { BlobPlace } from '#store/blobs/place.ts';
import { createMemoryBlobPlace, type MemoryBlobPlace } from '#support/memory-blob-place.ts';
import { createFaults } from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface DeviceFiles {
  /** The files as one context uses them: each call passes the scheduler, and may find the disk full. */
  connect(actor: Actor): BlobPlace;
  readonly files: MemoryBlobPlace['files'];
  /** The disk is full for `times` writes after `skip` others. */
  fill(skip: number, times: number): void;
  repair(): void;
  cutPower(): void;
  erase(): void;
}

export function createDeviceFiles(scheduler: Scheduler): DeviceFiles {
  const place = createMemoryBlobPlace();
  const flushed = new Set<string>();
  const full = createFaults();

  const needRoom = (): void => {
    if (full.strike()) throw new DOMException('simulated', 'QuotaExceededError');
  };

  return {
    files: place.files,
    fill: (skip, times) => full.add({ skip, times }),
    repair: full.clear,
    cutPower() {
      for (const name of [...place.files.keys()]) if (name.endsWith('.part') && !flushed.has(name)) place.files.delete(name);
    },
    erase() {
      place.files.clear();
    },
    connect(actor) {
      const step = (label: string): Promise<void> => scheduler.gate(actor, `file ${label}`);
      const passing =
        <A extends readonly unknown[], V>(label: string, run: (...args: A) => Promise<V>) =>
        async (...args: A): Promise<V> => {
          await step(label);
          return run(...args);
        };
      return {
        async begin(part) {
          await step('begin');
          const writer = await place.begin(part);
          return {
            async write(bytes) {
              await step('write');
              needRoom();
              await writer.write(bytes);
            },
            async finish() {
              await step('flush');
              await writer.finish();
              flushed.add(`${part}.part`);
            },
            discard: passing('discard', writer.discard),
          };
        },
        async keep(part, hash) {
          await step('move');
          const kept = await place.keep(part, hash);
          await step('moved');
          return kept;
        },
        read: passing('read', place.read),
        has: passing('look', place.has),
        removal: place.removal,
        remove: passing('remove', place.remove),
        parts: passing('list', place.parts),
        discardPart: passing('discard', place.discardPart),
        hashes: passing('list', place.hashes),
        sizeOf: passing('look', place.sizeOf),
      };
    },
  };
}
