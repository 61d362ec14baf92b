import { clearEvents, logEvent, readEvents } from '#store/draft/event-log.ts';
import { discardQuarantined, exportQuarantined, listQuarantined } from '#store/draft/quarantine.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import type { StatusStore } from '#store/status-store.ts';
import { countKinds, readVersions } from './inventory.ts';

/** The status side of a workspace's store. The contract is in `status-store.ts`. */
export function createStatusStore(given: StoreContext): StatusStore {
  const context: StoreContext = { ...given, kv: withEffectiveRows(given.kv) };
  return {
    quarantined: () => listQuarantined(context),
    exportQuarantined: (keys) => exportQuarantined(context, keys),
    discardQuarantined: (kind, id) => discardQuarantined(context, kind, id),
    countKinds: () => countKinds(context),
    versions: (after, withHashes) => readVersions(context, after, withHashes),
    events: () => readEvents(context),
    logEvent: (event) => logEvent(context, event),
    clearEvents: () => clearEvents(context),
  };
}
