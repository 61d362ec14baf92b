import type { Json } from '#core/json.ts';

/** A field's value as a person can read and compare it. */
export function valueText(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('\n');
  return typeof value === 'number' ? String(value) : JSON.stringify(value, null, 2);
}
