import type { App } from '#app/app.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { AccountId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { fetchTransport } from '#platform/fetch-transport.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { DeviceEvent } from '#store/status-store.ts';
import { createAccountApi } from '#sync/account-api.ts';
import { compareWithServer } from './compare-with-server.ts';
import type { Resolution } from './conflict.ts';
import { findFileUses } from './file-uses.ts';
import { undoOutcome } from './merge-entry.ts';
import { readOpenConflicts } from './open-conflicts.ts';
import type { StatusService } from './status-service.ts';

export interface StatusServiceOptions {
  readonly app: Pick<App, 'get' | 'list' | 'patch' | 'purge' | 'summary'>;
  readonly client: StoreClient;
  readonly accountId: AccountId;
  /** Sends soon what was let go. */
  readonly drain: () => void;
}

export function createStatusService({ app, client, accountId, drain }: StatusServiceOptions): StatusService {
  const log = (event: DeviceEvent): void => void client.logEvent(event);

  const closeConflict = (id: string, resolution: Resolution | 'open') => app.patch('conflict', id, { resolution });

  return {
    quarantined: () => client.quarantined(),
    async retryQuarantined(only) {
      const retried = await client.retryQuarantined(only);
      if (!retried.ok) return retried;
      if (retried.value > 0) log({ type: 'retried', kind: only?.[0] ?? '', detail: String(retried.value) });
      drain();
      return retried;
    },
    exportQuarantined: (keys) => client.exportQuarantined(keys),
    async discardQuarantined({ kind, id, deletion, waiting, reason }) {
      const discarded = await client.discardQuarantined(kind, id);
      if (!discarded.ok) return discarded;
      log({ type: 'discarded', kind, detail: reason });
      drain();
      const { previous } = discarded.value;
      const undo = async (): Promise<void> => {
        if (!waiting) return;
        if (deletion && Object.keys(previous).length === 0) await app.purge(kind, [id]);
        else await app.patch(kind, id, previous);
      };
      return ok({ undo });
    },
    refusedFiles: () => client.refusedBlobs(),
    fileUses: (hashes) => findFileUses(app, client, hashes),
    async retryRefusedFiles() {
      const retried = await client.retryRefusedBlobs();
      if (retried.ok) drain();
      return retried;
    },
    countKinds: () => client.countKinds(),
    compare: (options) =>
      compareWithServer(
        { client, api: createAccountApi(fetchTransport), accountId, cursor: app.summary.value?.cursor ?? 0 },
        options,
      ),

    openConflicts: () => readOpenConflicts(app),

    async decide({ id, entityKind, entityId, field }, resolution, value) {
      const written = await app.patch(entityKind, entityId, { [field]: value });
      if (!written.ok) return written;
      const closed = await closeConflict(id, resolution);
      if (!closed.ok) return closed;
      log({ type: 'decided', kind: entityKind });
      const undo = async (): Promise<void> => {
        await app.patch(entityKind, entityId, written.value.previous);
        await closeConflict(id, 'open');
      };
      return ok({ undo });
    },

    async undoMerge({ entityKind, entityId }, outcome) {
      const found = await app.get(entityKind, entityId);
      if (!found.ok) return found;
      if (!found.value || found.value.lifecycle === 'purged') return err({ type: 'NotFound', kind: entityKind, id: entityId });
      const rule = ledger.get(entityKind)?.fields[outcome.field]?.rule ?? 'value';
      const undone = undoOutcome(outcome, found.value, rule);
      if (undone.type === 'done') return ok(null);
      const written = await app.patch(entityKind, entityId, undone.patch);
      if (!written.ok) return written;
      log({ type: 'merge-undone', kind: entityKind });
      const previous = { ...(outcome.field === BINNED_AT && { [BINNED_AT]: null }), ...written.value.previous };
      return ok({
        undo: async () => {
          await app.patch(entityKind, entityId, previous);
        },
      });
    },

    log,
    events: () => client.events(),
    clearEvents: () => client.clearEvents(),
    async storage() {
      const estimate = await navigator.storage?.estimate?.().catch(() => null);
      if (!estimate) return null;
      return { usedBytes: estimate.usage ?? 0, quotaBytes: estimate.quota ?? 0 };
    },
  };
}
