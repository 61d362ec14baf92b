import { hashText } from '#core/hash.ts';
import { canonicalJson, type Json } from '#core/json.ts';

/** Members of a valibot schema that are words or machinery, and may change with the library's version. */
const NO_SHAPE = new Set(['kind', 'async', 'expects', 'message', 'reference']);

/** What a declaration says, as JSON. Functions count by name, patterns by their source. */
function describeShape(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'function') return `function ${value.name}`;
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map(describeShape);
  if (typeof value !== 'object') return String(value);
  const isSchema = '~run' in value;
  const members = Object.entries(value).filter(
    ([key, member]) => member !== undefined && !key.startsWith('~') && !(isSchema && NO_SHAPE.has(key)),
  );
  return Object.fromEntries(members.map(([key, member]) => [key, describeShape(member)]));
}

/** The hash of what a declaration says: the same on every machine and after every restart. */
export const hashShape = (value: unknown): string => hashText(canonicalJson(describeShape(value)));
