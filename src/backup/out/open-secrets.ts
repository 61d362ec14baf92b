/** The API keys of this browser, opened for a file that is encrypted. */
import { type PlainSecret, SECRET_KIND } from '#backup/format/secret-record.ts';
import { take } from '#backup/kept/failure.ts';
import type { RowReader } from '#core/backup-rows.ts';
import { readFields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { BackupError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { openSecret } from '#crypto/secret-box.ts';
import { secret } from '#entities/secret.ts';

export interface OpenedSecrets {
  readonly secrets: readonly PlainSecret[];
  /** How many are sealed by a key that is no longer here. */
  readonly unreadable: number;
}

export const NO_SECRETS: OpenedSecrets = { secrets: [], unreadable: 0 };

/** Behind every id. */
const END = '~';

/** Throws a `Failure`. */
export async function openSecrets(
  rows: Pick<RowReader, 'page'>,
  boxKey: () => Promise<Result<CryptoKey, BackupError>>,
): Promise<OpenedSecrets> {
  const secrets: PlainSecret[] = [];
  let unreadable = 0;
  let after: KeyPair = [SECRET_KIND, ''];
  for (;;) {
    const page = take(await rows.page({ after, to: [SECRET_KIND, END] }));
    for (const row of page.rows) {
      after = [row.kind, row.id];
      const { origin, box } = readFields(secret, row.fields);
      if (row.deleted || box === '') continue;
      const opened = await openSecret(take(await boxKey()), box, origin);
      if (opened.ok) secrets.push({ id: row.id, origin, key: opened.value });
      else unreadable += 1;
    }
    if (page.isLast) return { secrets, unreadable };
  }
}
