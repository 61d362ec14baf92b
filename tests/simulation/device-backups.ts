/** The folder of one device's backups: it survives its contexts, may be full, and loses parts or changes them when the world says so. */
import { gunzipSync } from 'node:zlib';
import { Failure } from '#backup/kept/failure.ts';
import { idOfManifest } from '#backup/kept/manifest.ts';
import type { Place } from '#backup/kept/place.ts';
import { createMemoryPlace } from '#support/memory-place.ts';
import { createFaults } from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface DeviceBackups {
  /** The folder as one context uses it: each call passes the scheduler, and a write that is cut leaves half a file beside. */
  connect(actor: Actor): Place;
  /** The folder past the scheduler, for oracles. */
  readonly place: Place;
  /** The texts of its lists, as one context reads them. */
  texts(actor: Actor): AsyncGenerator<string>;
  /** What its lists name, past the scheduler. */
  lists(): readonly string[];
  /** The parts that the world has taken away or changed, and nobody has written anew. */
  readonly damaged: ReadonlySet<string>;
  /** What has ever been whole there. */
  readonly written: ReadonlySet<string>;
  damage(place: number, how: 'lost' | 'changed'): void;
  /** No room for `times` writes after `skip` others. */
  fill(skip: number, times: number): void;
  repair(): void;
  erase(): void;
}

export function createDeviceBackups(scheduler: Scheduler, nowMs: () => number): DeviceBackups {
  const base = createMemoryPlace(nowMs);
  const damaged = new Set<string>();
  const written = new Set<string>();
  const full = createFaults();

  const needRoom = (): void => {
    if (full.strike()) throw new Failure({ type: 'QuotaExceeded' });
  };

  const textsOf = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => {
      const bytes = base.files.get(name);
      return bytes && idOfManifest(name) !== null ? [gunzipSync(bytes).toString()] : [];
    });

  return {
    place: base,
    written,
    async *texts(actor) {
      await scheduler.gate(actor, 'place list');
      for (const name of await base.list('')) {
        await scheduler.gate(actor, 'place read');
        yield* textsOf([name]);
      }
    },
    lists: () => textsOf([...base.files.keys()]),
    damaged,
    damage(at, how) {
      const parts = [...base.files.keys()].filter((path) => path.startsWith('parts/') && !path.endsWith('.part')).sort();
      const path = parts[Math.floor(at * parts.length)];
      const bytes = path === undefined ? undefined : base.files.get(path);
      if (path === undefined || !bytes) return;
      damaged.add(path);
      if (how === 'lost') base.files.delete(path);
      else base.files.set(path, bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 0x55));
    },
    fill: (skip, times) => full.add({ skip, times }),
    repair: full.clear,
    erase() {
      base.files.clear();
      damaged.clear();
      written.clear();
    },
    connect(actor) {
      const step = (label: string): Promise<void> => scheduler.gate(actor, `place ${label}`);
      return {
        ...base,
        // Of the 256 folders of parts nobody waits for each.
        async list(folder) {
          if (folder === '') await step('list');
          return base.list(folder);
        },
        async read(path) {
          await step('read');
          return base.read(path);
        },
        async write(path, bytes) {
          await step('write');
          needRoom();
          base.files.set(`${path}.part`, bytes.slice(0, bytes.length >> 1));
          await step('move');
          await base.write(path, bytes);
          damaged.delete(path);
          written.add(path);
          await step('moved');
        },
        async remove(path) {
          await step('remove');
          await base.remove(path);
          damaged.delete(path);
        },
      };
    },
  };
}
