/** Which saves a row has taken in, so that one repeated after a lost reply, or from a journal, changes nothing. */
import { readSaveId } from '#core/save-id.ts';

/**
 * Sessions remembered, one entry each however much they save (`core/save-id.ts`): more than the tabs that ever have one entity
 * open at a time.
 */
const MAX_SESSIONS = 64;
/** Ids without a number are remembered one by one. They are repeated at once or not at all. */
const MAX_SINGLE = 128;
/** Of an id without a number its random end is enough: 48 bits. */
const TAIL = 12;

/** Whether `saves` says that the save was applied. */
export function hasSave(saves: readonly string[], saveId: string): boolean {
  const numbered = readSaveId(saveId);
  if (!numbered) return saves.includes(saveId.slice(-TAIL)) || saves.includes(saveId);
  return saves.some((entry) => {
    const known = readSaveId(entry);
    return known?.session === numbered.session && known.number >= numbered.number;
  });
}

/** `saves` with one more, the latest last. */
export function addSave(saves: readonly string[], saveId: string): readonly string[] {
  const session = readSaveId(saveId)?.session;
  const others = session === undefined ? saves : saves.filter((entry) => readSaveId(entry)?.session !== session);
  const added = [...others, session === undefined ? saveId.slice(-TAIL) : saveId];
  const isNumbered = added.map((entry) => readSaveId(entry) !== null);
  const count = isNumbered.filter(Boolean).length;
  let spare = { numbered: count - MAX_SESSIONS, single: added.length - count - MAX_SINGLE };
  if (spare.numbered <= 0 && spare.single <= 0) return added;
  return added.filter((_, at) => {
    const name = isNumbered[at] ? 'numbered' : 'single';
    if (spare[name] <= 0) return true;
    spare = { ...spare, [name]: spare[name] - 1 };
    return false;
  });
}
