/** Writes a body over a row as a restore and its undo do: the earlier state goes to the history, the change waits to be sent. */
import { type Stamp, ZERO_STAMP } from '#core/clock.ts';
import type { Body } from '#core/entity.ts';
import { laterStamp } from '#core/merge/merge.ts';
import type { Replacement } from '#core/restoring.ts';
import { type Draft, keepBase } from '#store/draft/draft.ts';
import { addSave } from '#store/save/applied-saves.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { acceptedStamps, estimateBytes, indexColumns, latestStamp, NEW_ROW } from '#store/schema/rows.ts';
import { type EntityRow, PURGED } from '#store/schema/schema.ts';

interface RestoredBody extends Replacement {
  readonly kind: string;
  readonly id: string;
  /** Noted in the row as its last save. */
  readonly saveId?: string;
}

/** Gives the body as it was written. */
export function writeBody(
  context: StoreContext,
  draft: Draft,
  row: EntityRow | undefined,
  { kind, id, v, body, fresh, saveId }: RestoredBody,
): Body {
  const declaration = context.ledger.get(kind);
  const isBack = row?.place === PURGED;
  const before = acceptedStamps(row?.stamps ?? {}, row);
  let now: Stamp | null = null;
  const tick = (): Stamp => {
    now ??= draft.tick([...Object.values(before), row?.lastUpdated ?? ZERO_STAMP], row?.acceptedAt ?? 0);
    return now;
  };
  const stamps = { ...body.stamps, ...Object.fromEntries(fresh.map((field) => [field, tick()])) };
  draft.receive(latestStamp(stamps));
  // What comes back is later than its tombstone, and its words are as old as they are.
  const lastUpdated = isBack ? laterStamp(tick(), latestStamp(stamps)) : latestStamp(stamps);
  const pending = declaration?.scope !== 'private';
  if (row && !isBack) draft.keepHistory(row, 'restore');
  if (pending && row) keepBase(draft, row);
  const next = {
    ...(row ?? NEW_ROW),
    kind,
    id,
    v,
    fields: body.fields,
    stamps,
    lastUpdated,
    deviceId: context.deviceId,
    saves: saveId === undefined ? (row?.saves ?? []) : addSave(row?.saves ?? [], saveId),
    bytes: estimateBytes(body.fields) + estimateBytes(stamps),
    snapshotAt: context.clock.now(),
    ...indexColumns(declaration, { id, fields: body.fields, stamps, lastUpdated }, false),
  };
  draft.put(next, row, { pending });
  return { fields: body.fields, stamps };
}
