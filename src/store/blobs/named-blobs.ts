/**
 * Every place of a workspace that can name a blob. Whoever keeps text in a new place adds it here: `collect` takes what none of
 * these names, and `tests/property/collect-blobs.property.test.ts` walks the list.
 */
import { type BlobHash, blobsIn } from '#core/blobs.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Key, Kv, Read, Tables } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { type BlobContext, caught } from './context.ts';

/** Whole documents: so many are read in one transaction, and a save does not wait long. */
const PAGE = 100;

/** Adds what the texts in a row name, wherever in it they are, the names of its members included. */
export function addNames(named: Set<BlobHash>, value: unknown): void {
  if (typeof value === 'string') {
    for (const hash of blobsIn(value)) named.add(hash);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    addNames(named, name);
    addNames(named, member);
  }
}

type Scan = (context: BlobContext, named: Set<BlobHash>) => Promise<Result<void, KvError>>;

export interface NamingPlace {
  /** Reads all of it, page by page. */
  readonly scan: Scan;
  /** Large: what entities that change during a scan leave here is read by their keys, not by a second scan. */
  readonly byEntity?: boolean;
}

export const NAMING_PLACES = {
  /** Live and binned ones, unknown kinds, bodies as they came, and with them conflicts and the merge log. */
  entities: { scan: ({ kv }, named) => scanStore(kv, 'entities', ['kind', 'id'], named), byEntity: true },
  history: { scan: ({ kv }, named) => scanStore(kv, 'history', ['kind', 'id', 'order'], named), byEntity: true },
  bases: { scan: ({ kv }, named) => scanStore(kv, 'bases', ['kind', 'id'], named) },
  outbox: { scan: ({ kv }, named) => scanStore(kv, 'outbox', ['opId'], named) },
  quarantine: { scan: ({ kv }, named) => scanStore(kv, 'quarantine', ['kind', 'id'], named) },
  /** Bulks that are on their way, deletions that wait, and what open editors have shown. */
  meta: { scan: ({ kv }, named) => scanStore(kv, 'meta', ['key'], named) },
  /** The journal of earlier versions. */
  unsaved: { scan: ({ kv }, named) => scanStore(kv, 'unsaved', ['key'], named) },
  journal: { scan: ({ journal }, named) => scanStore(journal, 'unsaved', ['key'], named) },
  /** A backup that is made during a scan names what entities name. */
  backups: { scan: (context, named) => scanBackups(context, named), byEntity: true },
} as const satisfies { readonly [name: string]: NamingPlace };

/** What any of these places names. Others than all of them are for tests. */
export async function namedAnywhere(
  context: BlobContext,
  places: readonly NamingPlace[] = Object.values(NAMING_PLACES),
): Promise<Result<Set<BlobHash>, KvError>> {
  const named = new Set<BlobHash>();
  for (const { scan } of places) {
    const scanned = await scan(context, named);
    if (!scanned.ok) return scanned;
  }
  return ok(named);
}

const scanBackups: Scan = ({ backupTexts }, named) =>
  caught(async () => {
    for await (const text of backupTexts()) addNames(named, text);
  });

async function scanStore<T extends Tables, S extends keyof T & string>(
  kv: Kv<T>,
  store: S,
  key: readonly (keyof T[S] & string)[],
  named: Set<BlobHash>,
): Promise<Result<void, KvError>> {
  for (let range: object = {}; ; ) {
    const found = await kv.read({ rows: { list: store, limit: PAGE, ...range } as Read<T> });
    if (!found.ok) return found;
    const rows = found.value.rows as readonly T[S][];
    for (const row of rows) addNames(named, row);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return ok(undefined);
    const parts = key.map((member) => last[member]);
    range = { lower: (parts.length === 1 ? parts[0] : parts) as Key, lowerOpen: true };
  }
}

/** What these entities name now, and what they have left in their history, bases and quarantine. */
export async function namedByEntities(
  kv: Kv<WorkspaceTables>,
  keys: readonly KeyPair[],
): Promise<Result<Set<BlobHash>, KvError>> {
  const named = new Set<BlobHash>();
  const beside = await kv.read({
    rows: { getMany: 'entities', keys },
    bases: { getMany: 'bases', keys },
    quarantine: { getMany: 'quarantine', keys },
  });
  if (!beside.ok) return beside;
  addNames(named, beside.value);
  for (const key of keys) {
    const states = await addStates(kv, key, named);
    if (!states.ok) return states;
  }
  return ok(named);
}

async function addStates(kv: Kv<WorkspaceTables>, key: KeyPair, named: Set<BlobHash>): Promise<Result<void, KvError>> {
  for (let lower: Key = [...key]; ; ) {
    const found: Result<{ readonly rows: readonly WorkspaceTables['history'][] }, KvError> = await kv.read({
      rows: { list: 'history', lower, lowerOpen: true, upper: [...key, Infinity], limit: PAGE },
    });
    if (!found.ok) return found;
    for (const row of found.value.rows) addNames(named, row);
    const last = found.value.rows.at(-1);
    if (!last || found.value.rows.length < PAGE) return ok(undefined);
    lower = [last.kind, last.id, last.order];
  }
}
