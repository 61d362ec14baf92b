/** Of what the browser gives this origin, so much is kept for words, a tenth at most. */
const RESERVE_BYTES = 500_000_000;

/** How many bytes may still be taken for files, as the browser estimates it; negative where there are too many. Never throws. */
export async function roomForFiles(): Promise<number> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    if (quota === undefined || usage === undefined) return Infinity;
    return quota - usage - Math.min(RESERVE_BYTES, quota / 10);
  } catch {
    // Whether there is room shows when there is none.
    return Infinity;
  }
}

/** The person has asked the browser to save data: nothing is fetched that nobody looks at. */
export const savesData = (): boolean => {
  const connection: unknown = Reflect.get(navigator, 'connection');
  return typeof connection === 'object' && connection !== null && Reflect.get(connection, 'saveData') === true;
};
