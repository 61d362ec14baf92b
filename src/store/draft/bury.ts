import type { Stamp } from '#core/clock.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { EMPTY_BODY, indexColumns } from '#store/schema/rows.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import { type Draft, keepBase } from './draft.ts';

/** Puts a tombstone in the place of a row, whose content goes to the history. `cleared`: the person has confirmed it, and nobody weighs it. */
export function bury(
  { ledger, deviceId }: Pick<StoreContext, 'ledger' | 'deviceId'>,
  draft: Draft,
  row: EntityRow,
  { lastUpdated, cleared }: { readonly lastUpdated: Stamp; readonly cleared: boolean },
): void {
  const declaration = ledger.get(row.kind);
  draft.keepHistory(row, 'delete');
  keepBase(draft, row);
  const tombstone = { ...row, ...EMPTY_BODY, lastUpdated, deviceId, bytes: 0, cleared };
  // A purge of what the server never had is sent all the same: another op may be on its way.
  draft.put({ ...tombstone, ...indexColumns(declaration, tombstone, true) }, row, { pending: declaration?.scope !== 'private' });
}
