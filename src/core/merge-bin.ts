import { BINNED_AT, type Body } from './entity.ts';
import { equalJson } from './json.ts';
import { memberOf } from './merge-collections.ts';

/** Whether a side has put the entity into the bin. */
export const isBinned = (body: Body): boolean => typeof memberOf(body.fields, BINNED_AT) === 'number';

/**
 * A content edit beats the bin: whether `alive` went on working at what `binned` threw away. Tags and stars are content,
 * and so is every field that this version does not know. What was in the bin before is for stamps to decide.
 */
export function isLifted(base: Body, binned: Body, alive: Body): boolean {
  if (isBinned(base) || !isBinned(binned) || isBinned(alive)) return false;
  const fields = new Set([...Object.keys(base.fields), ...Object.keys(alive.fields)]);
  fields.delete(BINNED_AT);
  return [...fields].some((field) => !equalJson(memberOf(base.fields, field), memberOf(alive.fields, field)));
}
