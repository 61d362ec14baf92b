/** What the backups of a place hold of one entity: of each backup the one part is read in which it would be, and a part that backups share once. */
import { readRecord } from '#backup/format/record.ts';
import type { BackedUpVersion, BackedUpVersions } from '#core/backups.ts';
import { type EntityDeclaration, migrateBody } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { Json } from '#core/json.ts';
import type { StopSignal } from '#core/stop.ts';
import type { Manifest, PartEntry } from './manifest.ts';
import { comparePairs, partPath, readTexts } from './parts.ts';
import type { Place } from './place.ts';
import { rest } from './write-backup.ts';

/** So many parts are read at most, of a quarter of a megabyte each: of a note that changes each time all backups that are kept by themselves, and more. */
const MOST_PARTS = 60;

export interface FindVersionsOptions {
  readonly place: Place;
  /** The newest first. */
  readonly manifests: readonly Manifest[];
  readonly key: KeyPair;
  readonly declaration: EntityDeclaration | undefined;
  readonly signal: StopSignal;
  /** Waited for after each part. */
  readonly pause: () => Promise<void>;
}

/** The newest first. One that this app cannot read, or whose part is damaged, is none. */
export async function findVersions(options: FindVersionsOptions): Promise<BackedUpVersions> {
  const { place, manifests, key, declaration } = options;
  const lines = new Map<string, string | null>();
  const versions = new Map<string, BackedUpVersion>();
  let hasMore = false;
  for (const { id, madeAt, parts } of manifests) {
    const part = partOf(parts, key);
    if (!part) continue;
    let line = lines.get(part.hash);
    if (line === undefined) {
      if (lines.size >= MOST_PARTS) {
        hasMore = true;
        continue;
      }
      line = lineIn(await readTexts(await place.read(partPath(part.hash)), part), key);
      lines.set(part.hash, line);
      await rest(options);
    }
    if (line === null) continue;
    const known = versions.get(line);
    const fields = known?.fields ?? fieldsIn(line, declaration);
    if (fields)
      versions.set(
        line,
        known ? { ...known, since: madeAt, backups: known.backups + 1 } : { id, madeAt, since: madeAt, backups: 1, fields },
      );
  }
  return { versions: [...versions.values()], hasMore };
}

/** The part that has the entity, if the backup does. */
const partOf = (parts: readonly PartEntry[], key: KeyPair): PartEntry | undefined =>
  parts.findLast(({ first }) => comparePairs(first, key) <= 0);

function lineIn(texts: Awaited<ReturnType<typeof readTexts>>, [kind, id]: KeyPair): string | null {
  if (!texts.ok) return null;
  const isIt = (text: string): boolean => {
    const record = readRecord(JSON.parse(text) as Json);
    return record.ok && record.value.kind === kind && record.value.id === id;
  };
  // Most lines do not name it at all.
  return texts.value.find((text) => text.includes(id) && isIt(text)) ?? null;
}

function fieldsIn(line: string, declaration: EntityDeclaration | undefined): BackedUpVersion['fields'] | null {
  const record = readRecord(JSON.parse(line) as Json);
  if (!record.ok || record.value.raw !== undefined) return null;
  const { v, fields, stamps } = record.value;
  if (!declaration) return fields;
  return v > declaration.version ? null : migrateBody(declaration, v, { fields, stamps }).fields;
}
