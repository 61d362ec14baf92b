/**
 * The id of one of many saves that an editor makes of one entity, one after the other: `<session>:<number>`. The number
 * rises by one with each, and no save is made before the one with the number before it was answered or given up: a store that
 * has applied a number has no use for a lower one, and needs to remember the highest alone.
 */
export const numberedSaveId = (session: string, number: number): string => `${session}:${number}`;

/** The two parts of a numbered save id; null for any other id, which is its own name. */
export function readSaveId(saveId: string): { readonly session: string; readonly number: number } | null {
  const at = saveId.lastIndexOf(':');
  const number = Number(saveId.slice(at + 1));
  return at > 0 && Number.isSafeInteger(number) && number >= 0 ? { session: saveId.slice(0, at), number } : null;
}

/** Whether whoever has applied the save `applied` has also applied `saveId`. */
export function includesSave(applied: string, saveId: string): boolean {
  if (applied === saveId) return true;
  const [later, earlier] = [readSaveId(applied), readSaveId(saveId)];
  return later !== null && later.session === earlier?.session && later.number >= earlier.number;
}
