/** Takes a restore back, from its last batch to its first. What was edited since stays as it was edited. */
import { type Body, type EntityDeclaration, type Fields, migrateBody } from '#core/entity.ts';
import { keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import { canonicalJson, equalJson } from '#core/json.ts';
import { merge3 } from '#core/merge/merge.ts';
import type { KeyRange, Write } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { noteBulkDeletion } from '#store/draft/bulk-deletions.ts';
import { bury } from '#store/draft/bury.ts';
import { createDraft, type Draft } from '#store/draft/draft.ts';
import { isParentKind } from '#store/draft/family.ts';
import { hasSave } from '#store/save/applied-saves.ts';
import { announce, asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import type { RestoredEntry, RestoredRow, RestoreRow } from '#store/schema/restore-meta-rows.ts';
import { isReadOnly, isTopLevel } from '#store/schema/rows.ts';
import { type EntityRow, HIGH, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import type { Planned } from './apply-restore.ts';
import { forgetCopies } from './restore-copies.ts';
import { asRestore, restoredPrefix, restoreKey } from './restore-rows.ts';
import { writeBody } from './write-body.ts';

/** Undoes the last batch that is left. Gives the restore; its state is `undone` when nothing is left. Harmless to repeat. */
export async function undoBatch(given: StoreContext, id: string): Promise<Result<RestoreRow, KvError>> {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  const prefix = restoredPrefix(id);
  const found = await context.kv.read({
    restore: { get: 'meta', key: restoreKey(id) },
    last: { list: 'meta', lower: prefix, upper: `${prefix}~`, reverse: true, limit: 1 },
  });
  if (!found.ok) return found;
  const restore = asRestore(found.value.restore);
  if (!restore) return err({ type: 'StorageFailed', reason: 'there is no such restore' });
  const last = found.value.last[0] as RestoredRow | undefined;
  const entries = last?.entries ?? [];
  const confirmed = await confirmDeletions(context, id, entries);
  if (!confirmed.ok) return confirmed;
  const brought = entries.filter(({ kind, before }) => before === null && isParentKind(context.ledger, kind));
  const families: Families = Object.fromEntries(
    brought.map((entry) => [
      keyText(entry),
      { list: 'entities', index: 'byParent', lower: [entry.id], upper: [entry.id, HIGH], reverse: true, limit: MAX_CHILDREN },
    ]),
  );
  const undone = await context.kv.transact(
    {
      ...families,
      state: COUNTERS,
      restore: { get: 'meta', key: restoreKey(id) },
      now: { list: 'meta', lower: prefix, upper: `${prefix}~`, reverse: true, limit: 1 },
      rows: { getMany: 'entities', keys: entries.map(({ kind, id: of }) => [kind, of]) },
    },
    ({ state, restore: current, now, rows, ...children }): Planned => {
      const before = asRestore(current) ?? restore;
      // Another tab was faster, with the same or with one more batch of the restore itself.
      if (now[0]?.key !== last?.key) return { writes: [], value: { row: before, change: null } };
      if (!last) {
        const row: RestoreRow = { ...before, state: 'undone' };
        return { writes: [{ put: 'meta', row }, forgetCopies(id)], value: { row, change: null } };
      }
      const draft = createDraft(context, asCounters(state));
      const back = new Set<string>();
      const isLeft = (child: EntityRow, parent: EntityRow): boolean =>
        child.place !== PURGED && child.lastUpdated > parent.lastUpdated && !back.has(keyText(child)) && !isSetBack(child);
      /** By an earlier batch of this undo, and neither written since nor merged with what another device has written. */
      const isSetBack = ({ deviceId, saves, fields }: EntityRow): boolean =>
        deviceId === context.deviceId && hasSave(saves.slice(-1), setBackId(id, fields));
      const undo = (entry: RestoredEntry, row: EntityRow | undefined): boolean => {
        // What somebody has written under it since would go with it.
        const below = (children as { readonly [name: string]: readonly EntityRow[] })[keyText(entry)] ?? [];
        if (row && row.place !== PURGED && below.some((child) => isLeft(child, row))) return false;
        const isBack = undoOne(context, draft, row, entry, id);
        if (isBack) back.add(keyText(entry));
        return isBack;
      };
      // Children before their parents.
      const order = [...entries.keys()].sort((a, b) => rank(context, entries[a]) - rank(context, entries[b]));
      const kept = order.filter((at) => !undo(entries[at] as RestoredEntry, rows[at])).length;
      const row: RestoreRow = { ...before, state: 'undoing', keptEdited: before.keptEdited + kept };
      const { writes, change } = draft.finish(true);
      const progress: readonly Write<WorkspaceTables>[] = [
        { delete: 'meta', key: last.key },
        { put: 'meta', row },
      ];
      return { writes: [...writes, ...progress], value: { row, change } };
    },
  );
  if (!undone.ok) return undone;
  if (undone.value.change) announce(context, undone.value.change);
  return ok(undone.value.row);
}

/** The read of the newest children of each entity that goes. */
type Families = {
  readonly [name: string]: { readonly list: 'entities'; readonly limit: number; readonly reverse: true } & KeyRange;
};
const MAX_CHILDREN = 5000;

const rank = ({ ledger }: StoreContext, entry: RestoredEntry | undefined): number =>
  entry && ledger.get(entry.kind)?.parent ? 0 : 1;

/** The person has said that what the restore has brought goes again: no other device asks about it. Sent before the deletions themselves. */
async function confirmDeletions(
  context: StoreContext,
  act: string,
  entries: readonly RestoredEntry[],
): Promise<Result<void, KvError>> {
  const brought = entries.filter(({ kind, before }) => before === null && isTopLevel(context.ledger.get(kind)));
  for (const kind of new Set(brought.map((entry) => entry.kind))) {
    const ids = brought.filter((entry) => entry.kind === kind).map((entry) => entry.id);
    const noted = await noteBulkDeletion(context, act, kind, ids);
    if (!noted.ok) return noted;
  }
  return ok(undefined);
}

/** The save by which an undo sets an entity back: it names what was written. */
const setBackId = (restore: string, fields: Fields): string => hashText(`${restore} ${canonicalJson(fields)}`);

/** Whether the entity is as it was before the restore, apart from what was edited since. */
function undoOne(
  context: StoreContext,
  draft: Draft,
  row: EntityRow | undefined,
  entry: RestoredEntry,
  restore: string,
): boolean {
  const { kind, id, v, before, after } = entry;
  const declaration = context.ledger.get(kind);
  if (!row || row.place === PURGED) return before === null;
  if (declaration && isReadOnly(declaration, row)) return false;
  const isUntouched = equalJson(row.fields, after.fields);
  // The one kind of them that is restored is an API key, which is for its own address alone: nothing of it goes without the rest.
  if (declaration?.scope === 'private' && !isUntouched) return false;
  if (before === null) {
    if (!isUntouched) return false;
    const lastUpdated = draft.tick(Object.values(row.stamps), row.acceptedAt ?? 0);
    bury(context, draft, row, { lastUpdated, cleared: true });
    return true;
  }
  const atVersion = (from: number, body: Body): Body => (declaration ? migrateBody(declaration, from, body) : body);
  const now = atVersion(row.v, { fields: row.fields, stamps: row.stamps });
  const wanted = isUntouched ? atVersion(v, before) : withoutEdits(declaration, atVersion(v, before), atVersion(v, after), now);
  const names = [...new Set([...Object.keys(wanted.fields), ...Object.keys(now.fields)])];
  const fresh = names.filter((field) => !equalJson(wanted.fields[field], now.fields[field]));
  if (fresh.length > 0) {
    const stamps = Object.fromEntries(
      Object.entries({ ...now.stamps, ...wanted.stamps }).filter(([field]) => field in wanted.fields),
    );
    const body = { fields: wanted.fields, stamps };
    const written = fresh.filter((field) => field in wanted.fields);
    writeBody(context, draft, row, {
      kind,
      id,
      v: declaration?.version ?? row.v,
      body,
      fresh: written,
      saveId: setBackId(restore, body.fields),
    });
  }
  return isUntouched || equalJson(wanted.fields, before.fields);
}

/** What the restore has changed goes back; what was edited since stays, also where both were in one field and overlap. */
function withoutEdits(declaration: EntityDeclaration | undefined, before: Body, after: Body, now: Body): Body {
  // Behind what the restore wrote, and before every edit since.
  const back = { fields: before.fields, stamps: after.stamps };
  const side = { deviceId: '', acceptedAt: null };
  return merge3({ base: after, mine: { ...side, body: now }, theirs: { ...side, body: back }, declaration, policy: 'newer' })
    .body;
}
