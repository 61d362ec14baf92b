/** Looking into a value of unknown shape: what does not fit reads as empty. */

/** The members of an object; undefined for anything else, an array included. */
export function recordOf(value: unknown): { readonly [key: string]: unknown } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: unknown })
    : undefined;
}

/** The items of an array; none for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text; '' for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
