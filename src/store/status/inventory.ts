/** What this device holds, by kind and by version: the local side of a comparison with the server. */
import { type KeyPair, keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import { countBytes, LARGE_BODY_CHARS, standInFor } from '#core/large-body.ts';
import type { Key } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { readWaiting } from '#store/draft/held-deletions.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { bodyText } from '#store/schema/op.ts';
import { BINNED, type EntityRow, HIGH, LIVE, PURGED } from '#store/schema/schema.ts';
import type { KindCount, LocalVersion, VersionPage } from '#store/status-store.ts';

/** Rows in one read: they come with their bodies. */
const PAGE = 250;

/** Every kind that this device holds, also those that this app does not know. */
export async function countKinds({ kv }: StoreContext): Promise<Result<readonly KindCount[], KvError>> {
  const counts: KindCount[] = [];
  for (let lower: Key = ['']; ; ) {
    const next: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await kv.read({
      rows: { list: 'entities', index: 'byPlace', lower, limit: 1 },
    });
    if (!next.ok) return next;
    const kind: string | undefined = next.value.rows[0]?.kind;
    if (kind === undefined) return ok(counts);
    const place = (column: number) =>
      ({ count: 'entities', index: 'byPlace', lower: [kind, column], upper: [kind, column, HIGH] }) as const;
    const counted = await kv.read({ live: place(LIVE), binned: place(BINNED), purged: place(PURGED) });
    if (!counted.ok) return counted;
    counts.push({ kind, ...counted.value });
    lower = [kind, HIGH];
  }
}

/** One page of what is sent to the server, in the order of its manifest. */
export async function readVersions(
  context: StoreContext,
  after: KeyPair | null,
  withHashes = false,
): Promise<Result<VersionPage, KvError>> {
  const { kv, ledger } = context;
  const result = await kv.read({
    rows: { list: 'entities', limit: PAGE, ...(after && { lower: after, lowerOpen: true }) },
  });
  if (!result.ok) return result;
  const { rows } = result.value;
  const waiting = await readWaiting(context, rows);
  if (!waiting.ok) return waiting;
  const last = rows.at(-1);
  const versions = rows
    .filter(({ kind }) => ledger.get(kind)?.scope !== 'private')
    .map((row): LocalVersion => {
      const { kind, id, version, place, queued, sent } = row;
      const pending = queued !== null || sent !== null || waiting.value.has(keyText({ kind, id }));
      return {
        kind,
        id,
        version,
        deleted: place === PURGED,
        pending,
        ...(withHashes && (pending ? { hash: null } : hashesOf(row))),
      };
    });
  return ok({ versions, next: last && rows.length === PAGE ? [last.kind, last.id] : null });
}

function hashesOf(row: EntityRow): Pick<LocalVersion, 'hash' | 'standInHash'> {
  const text = bodyText(row);
  const hash = hashText(text ?? '');
  if (text === null || text.length <= LARGE_BODY_CHARS) return { hash };
  return { hash, standInHash: hashText(standInFor({ blob: hash, bytes: countBytes(text) })) };
}
