/** The fields of an entity as a person reads them. */
import { BINNED_AT } from '#core/entity.ts';
import type { Json } from '#core/json.ts';

/** A field's value as it can be read and compared. */
export function valueText(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('\n');
  return typeof value === 'number' ? String(value) : JSON.stringify(value, null, 2);
}

/** A field's name as words: `systemPrompt` is *system prompt*. */
export const fieldName = (field: string): string =>
  field === BINNED_AT ? 'bin' : field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
