/** What of an entity may be read by whoever gets hold of a file or an old revision. */
import type { EntityDeclaration, FieldDeclaration, Fields } from './entity.ts';

const declaredOf = (declaration: EntityDeclaration | undefined, field: string): FieldDeclaration | undefined =>
  declaration && Object.hasOwn(declaration.fields, field) ? declaration.fields[field] : undefined;

/** Whether a kind has a field of which something may be a secret. */
export const hasSecrets = ({ fields }: EntityDeclaration): boolean =>
  Object.values(fields).some(({ secret, open }) => secret === true || open !== undefined);

/** The fields without those that are secret, and without what `open` leaves out. The same object where there is nothing to leave out. */
export function openFields(declaration: EntityDeclaration | undefined, fields: Fields): Fields {
  let isSame = true;
  const kept = Object.entries(fields).flatMap(([field, value]) => {
    const declared = declaredOf(declaration, field);
    const open = declared?.open?.(value) ?? value;
    if (declared?.secret || open !== value) isSame = false;
    return declared?.secret ? [] : [[field, open] as const];
  });
  return isSame ? fields : Object.fromEntries(kept);
}
