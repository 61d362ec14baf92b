/** How long a backup waits between two steps: longer while somebody types, so that the keys of two cores are not half a backup's. */
import type { Channel, Clock } from '#core/ports.ts';

/** Between two transactions, and between two parts: nobody is to wait for a backup. */
const PAUSE_MS = 4;
/** So long after a change it counts as typing: an autosave comes every 250 ms. */
const TYPING_MS = 2000;
/** Then it waits so many times as long as it has worked, within limits. */
const TIMES = 4;
const MOST_MS = 250;

export interface Pauses {
  /** Somebody has changed something in the workspace. */
  noteChange(): void;
  pause(): Promise<void>;
}

export function createPauses(clock: Clock): Pauses {
  let changedAt = Number.NEGATIVE_INFINITY;
  let since = clock.now();
  return {
    noteChange() {
      changedAt = clock.now();
    },
    async pause() {
      const now = clock.now();
      const isTyping = Math.abs(now - changedAt) < TYPING_MS;
      const workedMs = Math.max(0, now - since);
      const waitMs = isTyping ? Math.min(MOST_MS, Math.max(PAUSE_MS, workedMs * TIMES)) : PAUSE_MS;
      await new Promise<void>((resolve) => clock.setTimer(waitMs, resolve));
      since = clock.now();
    },
  };
}

/** What a workspace's channel says of a commit (`StoreChange`). */
interface Committed {
  readonly type: string;
  readonly after?: number;
  readonly localSeq?: number;
  readonly keys?: readonly unknown[] | null;
}

/**
 * Notes what a person changes in a workspace, in whatever tab. `channel` is the one that this context posts its own commits to, and so hears of none of
 * them: a restore does not wait for itself. Commits of very many entities, and what the server has acknowledged, are no typing either.
 */
export function noteTyping(channel: Pick<Channel<Committed>, 'onMessage'>, { noteChange }: Pick<Pauses, 'noteChange'>): void {
  channel.onMessage(({ type, after, localSeq, keys }) => {
    if (type === 'changed' && keys !== null && after !== localSeq) noteChange();
  });
}
