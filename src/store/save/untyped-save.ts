/** Changes without typing that the journal has kept (`SaveRequest.untyped`), at the time when they are saved after all. Pure. */
import { parseStamp, ZERO_STAMP } from '#core/clock.ts';
import type { Body } from '#core/entity.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import type { SaveRequest } from '#store/store.ts';

/** Whether this was deleted permanently after the change: it does not come back then, as it does with typed words. */
export const isDeletedSince = ({ untyped, typedAt = {} }: SaveRequest, row: EntityRow): boolean =>
  untyped !== undefined && parseStamp(row.lastUpdated).ms > Math.max(...Object.values(typedAt));

/** One that was made unread, built on what is there now; fields that were changed since stay as they are. */
export function builtOnNow(request: SaveRequest, now: Body): SaveRequest {
  const { untyped, typedAt } = request;
  if (untyped !== 'unread') return request;
  const isOlder = (field: string): boolean => parseStamp(now.stamps[field] ?? ZERO_STAMP).ms <= (typedAt?.[field] ?? Infinity);
  const patch = Object.fromEntries(Object.entries(request.patch).filter(([field]) => isOlder(field)));
  return { ...request, patch, base: now.fields };
}
