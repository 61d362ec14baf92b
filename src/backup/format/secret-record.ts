/** An API key in a backup file, as text that anybody can read: only in a file that is encrypted, and never in a backup that is kept. */
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

/** The lines of records with those of `secrets` among them, in the order of their keys. */
export async function* withSecrets(lines: AsyncIterable<string>, secrets: readonly PlainSecret[]): AsyncGenerator<string> {
  const left = secrets.map(secretRecord).sort(compareKeys);
  for await (const line of lines) {
    // Nothing is parsed any more when all of them have been written.
    const record = left.length > 0 ? (JSON.parse(line) as BackupRecord) : null;
    while (record && left[0] && compareKeys(left[0], record) < 0) yield recordLine(left.shift() as BackupRecord);
    yield line;
  }
  for (const record of left) yield recordLine(record);
}
