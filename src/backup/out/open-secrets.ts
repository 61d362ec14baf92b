/** The API keys of this browser, opened for a file that is encrypted. */
import { type PlainSecret, SECRET_KIND } from '#backup/format/secret-record.ts';
import { take } from '#backup/kept/failure.ts';
import type { BoxKey } from '#backup/restore/brought-secrets.ts';
import { ofKind, rowPages } from '#backup/row-pages.ts';
import type { RowReader } from '#core/backup-rows.ts';
import { readFields } from '#core/entity.ts';
import { openSecret } from '#crypto/secret-box.ts';
import { secret } from '#entities/secret.ts';

export interface OpenedSecrets {
  readonly secrets: readonly PlainSecret[];
  /** How many are sealed by a key that is no longer here. */
  readonly unreadable: number;
}

export const NO_SECRETS: OpenedSecrets = { secrets: [], unreadable: 0 };

/** Throws a `Failure`. */
export async function openSecrets(rows: Pick<RowReader, 'page'>, boxKey: BoxKey): Promise<OpenedSecrets> {
  const secrets: PlainSecret[] = [];
  let unreadable = 0;
  let opening: CryptoKey | null = null;
  for await (const page of rowPages(rows, ofKind(SECRET_KIND))) {
    for (const row of page) {
      const { origin, box } = readFields(secret, row.fields);
      if (row.deleted || box === '') continue;
      opening ??= take(await boxKey());
      const opened = await openSecret(opening, box, origin);
      if (opened.ok) secrets.push({ id: row.id, origin, key: opened.value });
      else unreadable += 1;
    }
  }
  return { secrets, unreadable };
}
