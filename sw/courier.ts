/**
 * The courier: a Workbox queue that holds one slip per workspace with something to send, and drains the outbox itself.
 *
 * The outbox is the truth; the queue only wakes us. Workbox's own replay deletes an entry before it fetches and takes
 * any status for success, so it is never used: no `replayRequests`, no `shiftRequest`. A slip is removed by its id after
 * a drain that left nothing waiting. Slips never expire, and are written anew from the outbox at every start.
 */
import { Queue, QueueStore } from 'workbox-background-sync';
import type { SyncError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

export const QUEUE_NAME = 'holdfast-courier';

/** Workbox drops entries older than this, in minutes, without a word; seven days by default, and 0 means the default. */
const HUNDRED_YEARS_MIN = 100 * 365 * 24 * 60;

/** A tab that closes asks for a drain in its last moment, and what it wrote then can be read when it is gone. */
const CLOSING_MS = 500;
const LOOKS = 4;

/** One workspace as the courier knows it. */
export interface Route {
  /** Changes that wait to be sent. */
  pending(): Promise<number>;
  /** Saves what closed tabs left behind, then drains. */
  deliver(force: boolean): Promise<Result<Delivery, unknown>>;
}

export interface Delivery {
  /** Changes that still wait. */
  readonly pending: number;
  /** What stood in the way. */
  readonly error: SyncError | null;
  /** Rows in the journal that belong to living tabs. */
  readonly journaled: number;
}

export interface CourierOptions {
  /** Opens a workspace of this device; null where there is none of that id. */
  readonly openRoute: (workspaceId: string) => Promise<Route | null>;
  /** Every workspace of this device, to write the slips anew. */
  readonly listWorkspaces: () => Promise<readonly string[]>;
}

export interface Courier {
  /** Keeps a slip for the workspace, drains, and takes the slip back when nothing waits any more. */
  drain(workspaceId: string, force: boolean): Promise<void>;
  /** Writes the slips anew from every outbox of this device: at every start of the service worker. */
  rebuild(): Promise<void>;
}

const workspaceOf = (metadata: object | undefined): string | null =>
  metadata && 'workspaceId' in metadata && typeof metadata.workspaceId === 'string' ? metadata.workspaceId : null;

export function createCourier({ openRoute, listWorkspaces }: CourierOptions): Courier {
  const slips = new QueueStore(QUEUE_NAME);
  const queue = new Queue(QUEUE_NAME, { maxRetentionTime: HUNDRED_YEARS_MIN, onSync: () => deliverSlips() });

  const slipsOf = async (workspaceId: string) =>
    (await slips.getAll()).filter(({ metadata }) => workspaceOf(metadata) === workspaceId);

  /** The slip stands before the first request goes out, so that a kill at any point leaves it behind. */
  const keepSlip = async (workspaceId: string): Promise<void> => {
    if ((await slipsOf(workspaceId)).length > 0) await queue.registerSync();
    else await queue.pushRequest({ request: new Request(`/slips/${workspaceId}`), metadata: { workspaceId } });
  };

  const takeSlips = async (workspaceId: string): Promise<void> => {
    for (const { id } of await slipsOf(workspaceId)) if (id !== undefined) await slips.deleteEntry(id);
  };

  /** True where nothing of the workspace waits any more. */
  const deliver = async (workspaceId: string, force: boolean): Promise<boolean> => {
    for (let look = 1; ; look++) {
      const route = await openRoute(workspaceId);
      if (!route) return true;
      const result = await route.deliver(force);
      if (!result.ok || result.value.error !== null) return false;
      const { pending, journaled } = result.value;
      if (journaled === 0 || look === LOOKS) return pending + journaled === 0;
      await new Promise((resolve) => setTimeout(resolve, CLOSING_MS));
    }
  };

  const deliverSlips = async (): Promise<void> => {
    const waiting = new Set<string>();
    for (const { metadata } of await slips.getAll()) {
      const workspaceId = workspaceOf(metadata);
      if (workspaceId !== null) waiting.add(workspaceId);
    }
    const late: string[] = [];
    for (const workspaceId of waiting) {
      if (await deliver(workspaceId, true)) await takeSlips(workspaceId);
      else late.push(workspaceId);
    }
    // Only a real Error makes the browser try again; anything else that is thrown counts as done.
    if (late.length > 0) throw new Error(`${late.length} workspaces still have changes to send`);
  };

  return {
    async drain(workspaceId, force) {
      await keepSlip(workspaceId);
      if (await deliver(workspaceId, force)) await takeSlips(workspaceId);
    },
    async rebuild() {
      for (const workspaceId of await listWorkspaces()) {
        const route = await openRoute(workspaceId);
        if (route && (await route.pending()) > 0) await keepSlip(workspaceId);
      }
    },
  };
}
