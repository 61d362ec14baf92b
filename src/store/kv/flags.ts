/**
 * Small flags of this device that no workspace holds: single values, written one at a time, whose loss is harmless
 * (idb-keyval's writes are relaxed). Everything that must not be lost lives in a workspace.
 */
import { clear, createStore, get, set } from 'idb-keyval';

/** The flags there are, by name. */
export interface Flags {
  /** The browser was asked to keep the storage. Firefox asks the person, so it is asked once. */
  readonly persistAsked: boolean;
  /** Hints that the person has put away. */
  readonly hintsSeen: readonly string[];
  /** Wall time in ms at which the search indexes last had to make room. */
  readonly roomMadeAt: number;
}

export const FLAGS_NAME = 'holdfast-flags';
const store = () => createStore(FLAGS_NAME, 'flags');

/** The flag's value, or undefined where it was never set or cannot be read. */
export async function readFlag<N extends keyof Flags>(name: N): Promise<Flags[N] | undefined> {
  try {
    return await get<Flags[N]>(name, store());
  } catch {
    return undefined;
  }
}

/** Sets the flag. A failure is not reported: the flag then reads as before. */
export async function writeFlag<N extends keyof Flags>(name: N, value: Flags[N]): Promise<void> {
  try {
    await set(name, value, store());
  } catch {
    // Storage is refused or full; what hangs on a flag is asked or shown once more.
  }
}

/** Forgets every flag. */
export async function clearFlags(): Promise<void> {
  try {
    await clear(store());
  } catch {
    // Where nothing can be cleared nothing was kept.
  }
}
