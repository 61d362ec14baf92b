import { BINNED_AT, type Body, type EntityDeclaration, initialOf, ruleFor } from '#core/entity.ts';
import { memberOf, orIfAbsent } from './collections.ts';
import { equalByRule } from './rules.ts';

/** Whether a side has put the entity into the bin. */
export const isBinned = (body: Body): boolean => typeof memberOf(body.fields, BINNED_AT) === 'number';

/**
 * A content edit beats the bin: whether `alive` went on working at what `binned` threw away. Tags and stars are content,
 * and so is every field that this version does not know; a field that reads as before is no edit, and neither is one that the
 * other side has put back later (`isOverruled`). What was in the bin before is for stamps to decide.
 */
export function isLifted(
  base: Body,
  binned: Body,
  alive: Body,
  declaration: EntityDeclaration | undefined,
  isOverruled: (field: string) => boolean,
): boolean {
  if (isBinned(base) || !isBinned(binned) || isBinned(alive)) return false;
  const fields = new Set([...Object.keys(base.fields), ...Object.keys(alive.fields)]);
  fields.delete(BINNED_AT);
  return [...fields].some((field) => {
    const read = (body: Body) => orIfAbsent(memberOf(body.fields, field), initialOf(declaration, field));
    return !equalByRule(ruleFor(declaration, field), read(base), read(alive)) && !isOverruled(field);
  });
}
