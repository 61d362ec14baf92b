/** A value that JSON can carry unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export type JsonObject = { readonly [key: string]: Json };

/**
 * JSON with object keys in one order at every depth, so that equal values give equal text (and equal hashes) on every
 * device: by code units, behind the keys that look like array indexes, which JavaScript lists first and by number.
 * `undefined` members are left out, as JSON does.
 */
export function canonicalJson(value: Json): string {
  return JSON.stringify(isSorted(value) ? value : sortKeys(value));
}

/** Whether the keys of all objects in it are in that order as they are, as in what was read from such JSON: nothing is made anew then. */
function isSorted(value: Json): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every((item) => isSorted(item));
  const source = value as { readonly [key: string]: Json };
  let before: string | null = null;
  for (const key of Object.keys(source)) {
    if (before !== null && before > key) return false;
    if (!isSorted(source[key] as Json)) return false;
    before = key;
  }
  return true;
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const source = value as { readonly [key: string]: Json };
  // A null prototype: a member called `__proto__` is data here, not a prototype.
  const sorted: { [key: string]: Json } = Object.create(null);
  for (const key of Object.keys(source).sort()) sorted[key] = sortKeys(source[key] as Json);
  return sorted;
}

/** Structural equality of two JSON values. Key order does not matter; a member that is undefined counts as absent. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => equalJson(item, b[at]));
  }
  const [left, right] = [a as { readonly [key: string]: Json }, b as { readonly [key: string]: Json }];
  const keys = definedKeys(left);
  return (
    keys.length === definedKeys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]))
  );
}

const definedKeys = (value: { readonly [key: string]: Json | undefined }): readonly string[] =>
  Object.keys(value).filter((key) => value[key] !== undefined);
