/** When deletions are too many to happen without asking: a pure decision over counts. */
import type { DeviceId } from '#core/ids.ts';
import type { GuardLimits } from '#store/schema/context.ts';

export const GUARD_LIMITS: GuardLimits = { many: 50, few: 10 };

/** Deletions of one kind by one device. Only top-level entities are counted: children follow. */
export interface CountedDeletions {
  readonly kind: string;
  readonly deviceId: DeviceId;
  readonly count: number;
}

export interface Weighing {
  /** What this run is about to delete. */
  readonly run: readonly CountedDeletions[];
  /** What was deleted without asking within the last day. */
  readonly taken: readonly CountedDeletions[];
  /** What waits for the person already. */
  readonly held: readonly CountedDeletions[];
  /** Entities by kind, those of the run and those that wait included. */
  readonly live: ReadonlyMap<string, number>;
}

/**
 * Whether the deletions of a run must wait for the person. They count as a whole, and together with those of the same device
 * within the day: many small ones are one large one. While anything of a device waits, the rest of that device waits, too.
 */
export function mustAsk({ run, taken, held, live }: Weighing, { many, few }: GuardLimits): boolean {
  if (sum(run) === 0) return false;
  if (sum(run) >= many) return true;
  const isMost = (counted: readonly CountedDeletions[], before: readonly CountedDeletions[]): boolean =>
    [...new Set(counted.map(({ kind }) => kind))].some((kind) => {
      const count = sum(ofKind(counted, kind));
      return count >= few && count > ((live.get(kind) ?? 0) + sum(ofKind(before, kind))) / 2;
    });
  if (isMost(run, [])) return true;
  return [...new Set(run.map(({ deviceId }) => deviceId))].some((deviceId) => {
    if (sum(ofDevice(held, deviceId)) > 0) return true;
    const day = ofDevice([...run, ...taken], deviceId);
    return sum(day) >= many || isMost(day, taken);
  });
}

const sum = (counted: readonly CountedDeletions[]): number => counted.reduce((total, { count }) => total + count, 0);
const ofKind = (counted: readonly CountedDeletions[], of: string): readonly CountedDeletions[] =>
  counted.filter(({ kind }) => kind === of);
const ofDevice = (counted: readonly CountedDeletions[], of: string): readonly CountedDeletions[] =>
  counted.filter(({ deviceId }) => deviceId === of);
