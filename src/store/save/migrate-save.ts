/** A save that an earlier version of the app has made, at this version of its kind: its fields may have other names now. */
import { type EntityDeclaration, type Fields, migrateFields } from '#core/entity.ts';
import { equalJson } from '#core/json.ts';
import { NO_ROW, type SaveRequest, type TypedAt } from '#store/store.ts';

/**
 * The save with patch and base at the declaration's version. Both are migrated together and apart: what the migration makes
 * of the patch is what the two differ in, and a default that it adds to anything is nobody's word. It is built on nothing but its
 * base: what a later version had put into its fields was there, and not shown.
 */
export function migrateSave(declaration: EntityDeclaration, request: SaveRequest): SaveRequest {
  const { v = declaration.version, patch, base: shown, typedAt } = request;
  if (v >= declaration.version) return request;
  const migrate = (fields: Fields): Fields => migrateFields(declaration, v, fields);
  const [nothing, base, whole] = [migrate({}), migrate(shown), migrate({ ...shown, ...patch })];
  const differs = (field: string, one: Fields, other: Fields): boolean =>
    !Object.hasOwn(other, field) || !equalJson(one[field], other[field]);
  const patched = pick(whole, (field) => Object.hasOwn(patch, field) || differs(field, whole, base));
  return {
    ...request,
    patch: patched,
    base: pick(base, (field) => Object.hasOwn(shown, field) || differs(field, base, nothing)),
    ...(typedAt && { typedAt: moveTimes(typedAt, patch, patched) }),
    baseSeq: NO_ROW,
    v: declaration.version,
  };
}

const pick = (fields: Fields, isWanted: (field: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => isWanted(field)));

/** A field that has come of others was typed when the last of these was. */
function moveTimes(typedAt: TypedAt, patch: Fields, patched: Fields): TypedAt {
  const gone = Object.keys(patch).flatMap((field) => (Object.hasOwn(patched, field) ? [] : (typedAt[field] ?? [])));
  const latest = Math.max(...(gone.length > 0 ? gone : Object.values(typedAt)));
  const times = Object.keys(patched).map((field) => [field, typedAt[field] ?? latest] as const);
  return Object.fromEntries(times.filter(([, ms]) => Number.isFinite(ms)));
}
