import type { StoreContext } from './context.ts';
import { withEffectiveRows } from './effective-rows.ts';
import { clearEvents, logEvent, readEvents } from './event-log.ts';
import { countKinds, readVersions } from './inventory.ts';
import { discardQuarantined, exportQuarantined, listQuarantined } from './quarantine.ts';
import type { StatusStore } from './status-store.ts';

/** The status side of a workspace's store. The contract stands in `status-store.ts`. */
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
