/**
 * Which files the editors of this page have shown: *Undo* may put one of them back into a text long after nothing else names it. The store
 * gets their hashes, and keeps them while the page is open.
 */
import { type BlobHash, blobsIn } from '#core/blobs.ts';
import { keyText } from '#core/entity-key.ts';
import type { Clock } from '#core/ports.ts';
import type { EntitySession } from './app.ts';

type Shown = Pick<EntitySession, 'kind' | 'id' | 'view'>;

/** What is shown together is reported together. */
const REPORT_AFTER_MS = 5000;
/** So many documents that are closed are remembered: editors keep the undo history of fewer (`markdown-editor.ts`). */
const MAX_CLOSED = 50;

export interface ShownFiles {
  /** Follows what is saved of a document, until `end`. */
  follow(session: Shown): void;
  end(session: Shown): void;
}

/** `report` gets all of them whenever there are more. */
export function createShownFiles(
  clock: Pick<Clock, 'setTimer'>,
  report: (hashes: readonly BlobHash[]) => Promise<unknown>,
): ShownFiles {
  const open = new Set<Shown>();
  /** By document; the one that was closed last is the last of those that are not open. */
  const shown = new Map<string, Set<BlobHash>>();
  let isPlanned = false;

  const reportSoon = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    clock.setTimer(REPORT_AFTER_MS, () => {
      isPlanned = false;
      void report([...new Set([...shown.values()].flatMap((hashes) => [...hashes]))]);
    });
  };

  const note = (key: string, hashes: readonly BlobHash[]): void => {
    const known = shown.get(key) ?? new Set();
    if (hashes.every((hash) => known.has(hash))) return;
    shown.set(key, new Set([...known, ...hashes]));
    reportSoon();
  };

  return {
    follow(session) {
      open.add(session);
      const key = keyText(session);
      const seen = new Map<string, unknown>();
      session.view.subscribe((view) => {
        for (const [field, value] of Object.entries(view?.fields ?? {})) {
          if (typeof value !== 'string' || seen.get(field) === value) continue;
          seen.set(field, value);
          note(key, blobsIn(value));
        }
      });
    },
    end(session) {
      open.delete(session);
      const key = keyText(session);
      const hashes = shown.get(key);
      if (!hashes) return;
      shown.delete(key);
      shown.set(key, hashes);
      const live = new Set([...open].map(keyText));
      const closed = [...shown.keys()].filter((one) => !live.has(one));
      for (const one of closed.slice(0, -MAX_CLOSED)) shown.delete(one);
    },
  };
}
