/** An API key in a backup file, as text that anybody can read: only in a file that is encrypted, and never in a backup that is kept. */
import type { Counts } from '#core/backups.ts';
import { type BackupRecord, compareKeys, recordLine } from './record.ts';

/** Of the kind that holds such keys on a device, where they are sealed. */
export const SECRET_KIND = 'secret';

export interface PlainSecret {
  readonly id: string;
  /** The origin that it is for. */
  readonly origin: string;
  readonly key: string;
}

export const isSecret = ({ kind }: Pick<BackupRecord, 'kind'>): boolean => kind === SECRET_KIND;

export const secretRecord = ({ id, origin, key }: PlainSecret): BackupRecord => ({
  ...{ kind: SECRET_KIND, id, v: 1 },
  fields: { origin, key },
  stamps: {},
});

/** The key of a record of this kind; null where it holds none. */
export function readSecret({ id, fields: { origin, key } }: BackupRecord): PlainSecret | null {
  return typeof origin === 'string' && typeof key === 'string' && origin !== '' && key !== '' ? { id, origin, key } : null;
}

/**
 * The lines of records, which come in the order of their keys, with those of `secrets` among them: none of a kept backup is of their kind, and as many as
 * `counts` has of the kinds before it come first.
 */
export async function* withSecrets(
  lines: AsyncIterable<string>,
  secrets: readonly PlainSecret[],
  counts: Counts,
): AsyncGenerator<string> {
  const mine = secrets.map(secretRecord).sort(compareKeys).map(recordLine);
  const before = Object.entries(counts).filter(([kind]) => kind < SECRET_KIND);
  let left = before.reduce((sum, [, { live, binned }]) => sum + live + binned, 0);
  for await (const line of lines) {
    if (left-- === 0) yield* mine;
    yield line;
  }
  if (left >= 0) yield* mine;
}
