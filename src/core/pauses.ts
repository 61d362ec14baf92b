/** How long work that nobody waits for pauses between two steps: longer while somebody types, who may have two cores. */
import type { Clock } from './ports.ts';

/** So long after a change it counts as typing: an autosave comes every 250 ms. */
const TYPING_MS = 2000;
/** Then it waits so many times as long as it has worked, within limits. */
const TIMES = 4;
const LEAST_MS = 4;
const MOST_MS = 250;

export interface Pauses {
  /** Somebody has changed something in the workspace. */
  noteChange(): void;
  pause(): Promise<void>;
}

/** `quietMs`: how long it pauses while nobody types. Backups leave a moment between two transactions; 0 is no pause. */
export function createPauses(clock: Pick<Clock, 'now' | 'setTimer'>, quietMs = LEAST_MS): Pauses {
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
      const waitMs = isTyping ? Math.min(MOST_MS, Math.max(LEAST_MS, workedMs * TIMES)) : quietMs;
      if (waitMs > 0) await new Promise<void>((resolve) => clock.setTimer(waitMs, resolve));
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
 * Notes what a person changes in a workspace, in whatever tab: commits of very many entities, and what the server has acknowledged, are
 * no typing. Whoever writes itself listens to the channel that it posts its own commits to, and so hears of none of them: a restore does
 * not wait for itself.
 */
export function noteTyping(
  listen: (listener: (message: Committed) => void) => unknown,
  { noteChange }: Pick<Pauses, 'noteChange'>,
): void {
  listen(({ type, after, localSeq, keys }) => {
    if (type === 'changed' && keys !== null && after !== localSeq) noteChange();
  });
}
