/**
 * The event log of this device: what happened, without contents, so that a person (or whoever helps) can see when a save
 * or a sync failed. Bounded. Its rows are in `meta`, where no kind of entity and no sync ever looks.
 */
import type { KvError } from '#core/errors.ts';
import { equalJson } from '#core/json.ts';
import type { Write } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import type { EventRow, MetaRow } from '#store/schema/meta-rows.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { type DeviceEvent, eventJson, type LoggedEvent } from '#store/status-store.ts';

/** Lines kept. The oldest go first. */
export const MAX_EVENTS = 500;
const ORDER_DIGITS = 12;
const FIRST_KEY = 'event/';
/** Sorts after every key of an event. */
const LAST_KEY = 'event/\uffff';

const RANGE = { lower: FIRST_KEY, upper: LAST_KEY } as const;
const keyOf = (order: number): EventRow['key'] => `event/${String(order).padStart(ORDER_DIGITS, '0')}`;

const isEvent = (row: MetaRow | undefined): row is EventRow => row?.key.startsWith(FIRST_KEY) ?? false;

/** The reads that `eventWrites` needs: to be declared by the transaction in which the event happens. */
export const EVENT_READS = { newestEvent: { list: 'meta', ...RANGE, reverse: true, limit: 1 } } as const;

/** The writes that log `event`. The lines are numbered without a gap, so the one that falls out is known by its number. */
export function eventWrites(
  newestEvent: readonly MetaRow[],
  event: DeviceEvent,
  nowMs: number,
): readonly Write<WorkspaceTables>[] {
  const [newest] = newestEvent;
  if (isEvent(newest) && equalJson(eventJson(newest.event), eventJson(event)))
    return [{ put: 'meta', row: { ...newest, until: nowMs, times: newest.times + 1 } }];
  const order = isEvent(newest) ? newest.order + 1 : 1;
  const row: EventRow = { key: keyOf(order), order, at: nowMs, until: nowMs, times: 1, event };
  return [{ put: 'meta', row }, ...(order > MAX_EVENTS ? [{ delete: 'meta', key: keyOf(order - MAX_EVENTS) } as const] : [])];
}

/** Logs an event by itself. Relaxed: a log line is not worth a wait for the disk. */
export function logEvent({ kv, clock }: StoreContext, event: DeviceEvent): Promise<Result<void, KvError>> {
  return kv.transact(
    EVENT_READS,
    ({ newestEvent }) => ({ writes: eventWrites(newestEvent, event, clock.now()), value: undefined }),
    'relaxed',
  );
}

/** The log, newest first. */
export async function readEvents({ kv }: StoreContext): Promise<Result<readonly LoggedEvent[], KvError>> {
  const result = await kv.read({ rows: { list: 'meta', ...RANGE, reverse: true, limit: MAX_EVENTS } });
  if (!result.ok) return result;
  return ok(result.value.rows.filter(isEvent).map(({ order, at, until, times, event }) => ({ order, at, until, times, event })));
}

/** Empties the log. */
export function clearEvents({ kv }: StoreContext): Promise<Result<void, KvError>> {
  return kv.transact(
    { rows: { list: 'meta', ...RANGE, limit: MAX_EVENTS + 1 } },
    ({ rows }) => ({ writes: rows.map(({ key }) => ({ delete: 'meta', key }) as const), value: undefined }),
    'relaxed',
  );
}
