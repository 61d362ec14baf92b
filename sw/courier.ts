/**
 * The courier: a Workbox queue that holds one tag per workspace with something to send, and drains the outbox itself.
 *
 * The outbox is the truth; the queue only wakes us. Workbox's own replay deletes an entry before it fetches and takes
 * any status for success, so it is never used: no `replayRequests`, no `shiftRequest`. A tag is removed by its id after
 * a drain that left nothing waiting. Tags never expire, and are written again from the outbox at every start.
 */
import { Queue, QueueStore } from 'workbox-background-sync';
import type { SyncError } from '#core/errors.ts';
import { heldForMs } from '#core/pacing.ts';
import type { Result } from '#core/result.ts';
import { tryAgain, wakeEnd } from './wake.ts';

declare const self: ServiceWorkerGlobalScope;

export const QUEUE_NAME = 'holdfast-courier';

/** Workbox drops entries older than this, in minutes, silently; seven days by default, and 0 means the default. */
const HUNDRED_YEARS_MIN = 100 * 365 * 24 * 60;

/** A tab that closes asks for a drain in its last moment, and what it wrote then can be read when it is gone. */
const CLOSING_MS = 500;
const LOOKS = 4;

/** One workspace as the courier knows it. */
export interface Route {
  /** Changes and blobs that wait to be sent. */
  pending(): Promise<number>;
  /** Saves what closed tabs left behind, then drains. */
  deliver(force: boolean): Promise<Result<Delivery, unknown>>;
  /** Sends blobs until the steady time `end`. Gives how many still wait, and what prevented them. */
  sendBlobs(force: boolean, end: number): Promise<{ readonly left: number; readonly error: SyncError | null }>;
}

export interface Delivery {
  /** Changes that still wait. */
  readonly pending: number;
  /** What prevented it. */
  readonly error: SyncError | null;
  /** When the first of the changes that are still being edited may go; null where none is. */
  readonly nextDueAt: number | null;
  /** Rows in the journal that belong to living tabs. */
  readonly journaled: number;
}

/** How a delivery ended: nothing waits any more; only what is still being edited does, until then; something prevented it. */
type Outcome =
  | { readonly type: 'done' }
  | { readonly type: 'paced'; readonly until: number }
  /** `passing`: it may be over in a moment, as a network that is away. */
  | { readonly type: 'late'; readonly passing: boolean };

export interface CourierOptions {
  /** Opens a workspace of this device; null where there is none of that id. */
  readonly openRoute: (workspaceId: string) => Promise<Route | null>;
  /** Every workspace of this device, to write the tags again. */
  readonly listWorkspaces: () => Promise<readonly string[]>;
  /** Whether any page of the app is open. */
  readonly hasPages: () => Promise<boolean>;
  /** A newer version of this service worker waits for us to end. */
  readonly isReplaced: () => boolean;
}

export interface Courier {
  /** Keeps a tag for the workspace, drains, and takes the tag back when nothing waits any more. */
  drain(workspaceId: string, force: boolean): Promise<void>;
  /**
   * Writes the tags again from every outbox of this device: at every start of the service worker. Where no Background Sync
   * wakes it, they are delivered then, too.
   */
  rebuild(): Promise<void>;
}

/** What only the person can change is not tried again in the same breath. */
const isPassing = ({ type }: SyncError): boolean => type === 'Network' || type === 'ServerError' || type === 'RateLimited';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const workspaceOf = (metadata: object | undefined): string | null =>
  metadata && 'workspaceId' in metadata && typeof metadata.workspaceId === 'string' ? metadata.workspaceId : null;

export function createCourier({ openRoute, listWorkspaces, hasPages, isReplaced }: CourierOptions): Courier {
  const tags = new QueueStore(QUEUE_NAME);
  /** Firefox and Safari have none. Workbox then calls `onSync` while it makes the queue, also in a version that is not yet used. */
  const hasSync = 'sync' in self.registration;
  const onSync = async (): Promise<void> => {
    if (hasSync) await deliverTags();
  };
  const queue = new Queue(QUEUE_NAME, { maxRetentionTime: HUNDRED_YEARS_MIN, onSync });

  const tagsOf = async (workspaceId: string) =>
    (await tags.getAll()).filter(({ metadata }) => workspaceOf(metadata) === workspaceId);

  const pendingOf = async (workspaceId: string): Promise<number> => (await (await openRoute(workspaceId))?.pending()) ?? 0;

  /** The wakes that go on. Workbox itself registers none for a tag that comes during one. */
  let wakes = 0;

  /** The tag is written before the first request goes out, so that a kill at any point leaves it behind. */
  const keepTag = async (workspaceId: string): Promise<void> => {
    const isKept = (await tagsOf(workspaceId)).length > 0;
    if (!isKept) await queue.pushRequest({ request: new Request(`/slips/${workspaceId}`), metadata: { workspaceId } });
    if (isKept || wakes > 0) await queue.registerSync();
  };

  /** After a delivery that left nothing. What was written since has counted on the tag that is taken here. */
  const removeTags = async (workspaceId: string): Promise<void> => {
    for (const { id } of await tagsOf(workspaceId)) if (id !== undefined) await tags.deleteEntry(id);
    if ((await pendingOf(workspaceId)) > 0) await keepTag(workspaceId);
  };

  const deliver = async (workspaceId: string, force: boolean): Promise<Outcome> => {
    for (let look = 1; ; look++) {
      const route = await openRoute(workspaceId);
      if (!route) return { type: 'done' };
      const result = await route.deliver(force);
      // A database that the browser had closed or deleted is opened again by the next look.
      if (!result.ok && look === 1) continue;
      if (!result.ok) return { type: 'late', passing: true };
      if (result.value.error !== null) return { type: 'late', passing: isPassing(result.value.error) };
      const { pending, journaled, nextDueAt } = result.value;
      if (journaled === 0 || look === LOOKS) {
        if (pending + journaled === 0) return { type: 'done' };
        return nextDueAt === null ? { type: 'late', passing: true } : { type: 'paced', until: nextDueAt };
      }
      await sleep(CLOSING_MS);
    }
  };

  /**
   * Words have settled: bytes follow, for as long as the event may take, and no longer than until the next words may go. Blobs that
   * are left keep the tag.
   */
  const follow = async (workspaceId: string, words: Outcome, force: boolean, end: number): Promise<Outcome> => {
    if (words.type === 'late') return words;
    const now = performance.now();
    const until = words.type === 'paced' ? Math.min(end, now + heldForMs(words.until, Date.now())) : end;
    const route = until > now ? await openRoute(workspaceId) : null;
    const sent = await route?.sendBlobs(force, until);
    if (!sent || sent.left === 0 || words.type === 'paced') return words;
    return { type: 'late', passing: sent.error === null || isPassing(sent.error) };
  };

  const deliverAll = async (workspaceId: string, end: number): Promise<Outcome> =>
    follow(workspaceId, await deliver(workspaceId, true), true, end);

  /** The deliveries of words that pages have asked for and that go on. */
  const asked = new Map<string, Promise<Outcome>>();

  /**
   * The browser's wake. While a page is open it is mostly the echo of what that page has asked for a moment ago, and what is
   * still being edited keeps its pace: forced, the words of each second would go out by themselves, each a version on the
   * server. The event lasts until the pace is over, so that what a page leaves behind that dies meanwhile is sent all the same.
   */
  const answerWake = async (workspaceId: string, end: number): Promise<Outcome> => {
    if (!(await hasPages())) return deliverAll(workspaceId, end);
    const echo = await asked.get(workspaceId);
    // What failed may have begun without a network, whose return has woken us.
    const first = echo && echo.type !== 'late' ? echo : await deliver(workspaceId, false);
    const followed = await follow(workspaceId, first, false, end);
    if (first.type !== 'paced') return followed;
    await sleep(heldForMs(first.until, Date.now()));
    return follow(workspaceId, await deliver(workspaceId, !(await hasPages())), false, end);
  };

  const againFor = (workspaceId: string, isWaiting: () => Promise<boolean>, first: Outcome, end: number): Promise<Outcome> =>
    tryAgain<Outcome>(
      {
        deliver: () => deliverAll(workspaceId, end),
        mayPass: (outcome) => outcome.type === 'late' && outcome.passing,
        hasPages,
        isWaiting,
        sleep,
        now: () => performance.now(),
      },
      first,
      end,
    );

  const deliverTags = async (): Promise<void> => {
    wakes += 1;
    await deliverWaiting().finally(() => {
      wakes -= 1;
    });
  };

  const deliverWaiting = async (): Promise<void> => {
    const end = wakeEnd(performance.now());
    const waiting = new Set<string>();
    for (const { metadata } of await tags.getAll()) {
      const workspaceId = workspaceOf(metadata);
      if (workspaceId !== null) waiting.add(workspaceId);
    }
    const late: string[] = [];
    const seeTo = async (workspaceId: string): Promise<void> => {
      // A tag goes when the page that is open has sent everything by itself. One that comes meanwhile is seen to here, too:
      // Workbox registers no wake of its own for it, and once the page has closed the browser refuses one.
      const isLeft = async () => (await tagsOf(workspaceId)).length > 0;
      const isWaiting = async () => !isReplaced() && (await isLeft());
      const last = await againFor(workspaceId, isWaiting, await answerWake(workspaceId, end), end);
      if (last.type === 'done') await removeTags(workspaceId);
      if (last.type === 'done' || !(await isLeft())) return;
      // An event that fails would cost five minutes from now on. While a page is open, a new one can be asked for instead,
      // also for what that page still edits: it may close before it asks by itself.
      const isEdited = last.type === 'paced';
      if ((isEdited || last.passing) && !isReplaced() && (await hasPages())) await queue.registerSync();
      else if (!isEdited) late.push(workspaceId);
    };
    await Promise.all([...waiting].map(seeTo));
    // Only a real Error makes the browser try again; anything else that is thrown counts as done.
    if (late.length > 0) throw new Error(`${late.length} workspaces still have changes to send`);
  };

  return {
    async drain(workspaceId, force) {
      const end = wakeEnd(performance.now());
      // The queue's own database may be lost. Then nothing wakes this worker, but what waits is sent now all the same.
      await keepTag(workspaceId).catch(() => {});
      const run = deliver(workspaceId, force);
      asked.set(workspaceId, run);
      const first = await run;
      if (asked.get(workspaceId) === run) asked.delete(workspaceId);
      const followed = await follow(workspaceId, first, force, end);
      // The page may have closed with this request: then nobody else tries again before the browser's next wake.
      const { type } = await againFor(workspaceId, async () => false, followed, end);
      if (type === 'done') await removeTags(workspaceId).catch(() => {});
    },
    async rebuild() {
      for (const workspaceId of await listWorkspaces()) {
        const route = await openRoute(workspaceId);
        if (route && (await route.pending()) > 0) await keepTag(workspaceId);
      }
      // What is late waits for the next start, or for a page.
      if (!hasSync) await deliverTags().catch(() => {});
    },
  };
}
