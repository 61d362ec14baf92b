import type { SyncNews } from '#core/channels.ts';
import { ok } from '#core/result.ts';
import { fetchBytes } from '#platform/fetch-bytes.ts';
import { fetchTransport } from '#platform/fetch-transport.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { deleteWorkspace } from '#store/accounts/erase.ts';
import type { Registry } from '#store/accounts/registry.ts';
import { askForCopies } from '#store/draft/coming-restores.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { openRegistry, openWorkspace, type Workspace } from '#store/workspace.ts';
import { createDrainer, type Drainer } from '#sync/drainer.ts';
import { type BlobRoute, createBlobRoute } from './blob-route.ts';
import type { CourierOptions, Route } from './courier.ts';

declare const self: ServiceWorkerGlobalScope;

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };

interface Opened {
  readonly workspace: Workspace;
  readonly drainer: Drainer;
  readonly blobs: BlobRoute;
}

const isReplaced = (): boolean => self.registration.waiting !== null;

/** Workspaces as the courier needs them: opened at the first use and kept open while this service worker lives. */
export function createRoutes(): CourierOptions {
  let registry: Registry | null = null;
  const open = new Map<string, Promise<Opened | null>>();

  /** Whether the workspace is still entered as it was when it was opened: the same device, by the same key. */
  const isCurrent = async ({ row }: Workspace): Promise<boolean> => {
    const now = await (await readRegistry())?.get(row.id);
    return !now?.ok || (now.value?.deviceId === row.deviceId && now.value.accountKey === row.accountKey);
  };

  const readRegistry = async (): Promise<Registry | null> => {
    if (registry) return registry;
    const result = await openRegistry(ports);
    if (result.ok && !result.value.memory) registry = result.value.registry;
    return registry;
  };

  const openOne = async (workspaceId: string) => {
    let row = await (await readRegistry())?.get(workspaceId);
    if (row && !row.ok) {
      // A registry that was erased and made again is opened again.
      registry = null;
      row = await (await readRegistry())?.get(workspaceId);
    }
    if (!row?.ok || !row.value) return null;
    const workspace = await openWorkspace(ports, row.value, false);
    if (!workspace.ok) return null;
    if (await isForgotten(workspace.value)) return null;
    const { context, channel, isSyncOn } = workspace.value;
    const news = { post: (message: SyncNews) => channel.post(message) };
    const drainer = createDrainer({
      ...ports,
      workspaceId,
      identity: row.value,
      store: createSyncStore({ ...context, beforeRestore: (ids) => askForCopies(ports, workspaceId, ids) }),
      transport: fetchTransport,
      bytes: fetchBytes,
      channel: news,
      isOn: isSyncOn,
    });
    const blobs = createBlobRoute(workspace.value, { isReplaced, isCurrent: () => isCurrent(workspace.value) });
    return { workspace: workspace.value, drainer, blobs };
  };

  /** Forgotten while it was being opened: what was opened is an empty database in its place, and goes again. */
  const isForgotten = async ({ row: { id }, kv, close }: Workspace): Promise<boolean> => {
    const now = await registry?.get(id);
    if (!now?.ok || now.value) return false;
    const found = await kv.read({ entities: { count: 'entities' } });
    close();
    if (found.ok && found.value.entities === 0) await deleteWorkspace(id);
    return true;
  };

  return {
    async openRoute(workspaceId): Promise<Route | null> {
      let found = open.get(workspaceId);
      const known = await found;
      if (known && !(await isCurrent(known.workspace))) {
        if (open.get(workspaceId) === found) {
          open.delete(workspaceId);
          known.workspace.close();
        }
        found = open.get(workspaceId);
      }
      if (!found) {
        found = openOne(workspaceId);
        open.set(workspaceId, found);
      }
      const opened = await found;
      if (!opened) {
        open.delete(workspaceId);
        return null;
      }
      const { workspace, drainer, blobs } = opened;
      /** Where the person has switched sync off, nothing waits to be sent: no sync tag is kept, no network awaited. */
      const isOff = async (): Promise<boolean> => {
        const on = await workspace.isSyncOn();
        return on.ok && !on.value;
      };
      const readWords = async () => {
        if (await isOff()) return ok(0);
        const summary = await workspace.store.summary();
        return summary.ok ? ok(summary.value.pending - summary.value.awaitingPerson) : summary;
      };
      const countBlobs = async (): Promise<number> => ((await isOff()) ? 0 : blobs.waiting());
      const deliver = async (force: boolean) => {
        const journaled = await workspace.replayJournal();
        const drained = await drainer.run({ force });
        if (!drained.ok) return drained;
        const pending = await readWords();
        // What a journal that cannot be read now may hold keeps nothing else from going out.
        return pending.ok
          ? ok({ ...drained.value, pending: pending.value, journaled: journaled.ok ? journaled.value : 0 })
          : pending;
      };
      return {
        async pending() {
          const words = await readWords();
          return (words.ok ? words.value : 0) + (await countBlobs());
        },
        async deliver(force) {
          const delivered = await deliver(force);
          if (!delivered.ok) {
            // A connection that failed is opened again the next time.
            open.delete(workspaceId);
            workspace.close();
          }
          return delivered;
        },
        async sendBlobs(force, end) {
          const error = await blobs.send(force, end);
          return { left: await countBlobs(), error };
        },
      };
    },
    async hasPages() {
      return (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).length > 0;
    },
    isReplaced,
    async listWorkspaces() {
      const result = await (await readRegistry())?.list();
      return result?.ok ? result.value.map(({ id }) => id) : [];
    },
  };
}
