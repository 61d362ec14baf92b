/** Reads every part of a backup where it lies. What is damaged is named by the entities that it held, as far as anything else knows them. */

import { rowPages } from '#backup/row-pages.ts';
import type { RowReader } from '#core/backup-rows.ts';
import type { BackupProgress, DamagedPart } from '#core/backups.ts';
import type { Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { recordOf } from '#core/json-shape.ts';
import type { StopSignal } from '#core/stop.ts';
import type { Manifest, PartEntry } from './manifest.ts';
import { checkPart, comparePairs, type KeptLine, partPath, readPart } from './parts.ts';
import type { Place } from './place.ts';
import { toLine } from './to-line.ts';
import { goOnUnless } from './write-backup.ts';

export interface VerifyOptions {
  readonly place: Place;
  readonly manifest: Manifest;
  /** Other backups of the place, the nearest in time first. */
  readonly others: readonly Manifest[];
  /** The workspace; null where it is not there, as after the browser has deleted its database. */
  readonly rows: RowReader | null;
  readonly ledger: Ledger;
  readonly signal: StopSignal;
  readonly pause: () => Promise<void>;
  readonly tell?: (progress: BackupProgress) => void;
}

/** Gives what is damaged: nothing, where every part is as it was written. Throws a `Failure`. */
export async function verifyBackup(options: VerifyOptions): Promise<readonly DamagedPart[]> {
  const { place, manifest, signal, pause, tell } = options;
  const damaged: DamagedPart[] = [];
  for (const [at, part] of manifest.parts.entries()) {
    goOnUnless(signal);
    tell?.({ phase: 'checking', done: at, total: manifest.parts.length });
    if ((await checkPart(await place.read(partPath(part.hash)), part)).ok) {
      await pause();
      continue;
    }
    const to = manifest.parts[at + 1]?.first ?? null;
    const { hash, first: from, records } = part;
    damaged.push({ hash, from, to, records, entities: await entitiesWithin(options, from, to) });
  }
  return damaged;
}

const isWithin = (key: KeyPair, from: KeyPair, to: KeyPair | null): boolean =>
  comparePairs(key, from) >= 0 && (to === null || comparePairs(key, to) < 0);

async function entitiesWithin(
  { place, others, rows, ledger }: VerifyOptions,
  from: KeyPair,
  to: KeyPair | null,
): Promise<DamagedPart['entities']> {
  const found = new Map<string, DamagedPart['entities'][number]>();
  const add = (line: KeptLine): void => {
    const [kind, id] = line.key;
    if (isWithin(line.key, from, to) && !found.has(`${kind}/${id}`)) {
      found.set(`${kind}/${id}`, { kind, id, title: titleOf(ledger, line) });
    }
  };
  // What two backups share is read once.
  const seen = new Set<string>();
  for (const { parts } of others) {
    for (const part of partsWithin(parts, from, to)) {
      if (seen.has(part.hash)) continue;
      seen.add(part.hash);
      const read = await readPart(await place.read(partPath(part.hash)), part);
      if (read.ok) read.value.forEach(add);
    }
  }
  for await (const page of rows ? rowPages(rows, { from, to }) : []) {
    for (const line of page.flatMap((row) => toLine(ledger, row) ?? [])) add(line);
  }
  return [...found.values()];
}

/** The parts of a backup that may hold a key from `from` on and before `to`. */
export const partsWithin = (parts: readonly PartEntry[], from: KeyPair, to: KeyPair | null): readonly PartEntry[] =>
  parts.filter((part, at) => {
    const next = parts[at + 1]?.first;
    return (to === null || comparePairs(part.first, to) < 0) && (next === undefined || comparePairs(next, from) > 0);
  });

/** What a person calls it; '' where that cannot be read. */
function titleOf(ledger: Ledger, { key: [kind], text }: KeptLine): string {
  const fields = recordOf(recordOf(JSON.parse(text))?.fields);
  return (fields && ledger.get(kind)?.title(fields as never)) ?? '';
}
