/**
 * What of a request a server takes. Each begins with all of it; a field that a server refuses is left out, and that is remembered
 * for its address.
 */

import type { Json } from '#core/json.ts';
import { listOf, recordOf, textOf } from '#core/json-shape.ts';

/** What may be left out. `usage`: `stream_options`. `stream`: the answer comes at once. `system`: goes along with the first prompt. */
const OPTIONS = ['usage', 'stream', 'system'] as const;

type RequestOption = (typeof OPTIONS)[number];

/** What is left out. */
export type RequestForm = readonly RequestOption[];

/** Templates without a system message say so in these words, or that the roles do not alternate. */
const SYSTEM_REFUSED =
  /system[ _]?(role|messages?|prompt)\b.*not|not.*\bsystem[ _]?(role|messages?|prompt)|roles must alternate|only user and assistant roles/i;

/** The form that is tried next after a refusal with these words; null where another form would not help. */
export function nextForm(form: RequestForm, status: number, words: string, hasSystem: boolean): RequestForm | null {
  const without = (option: RequestOption): RequestForm | null => (form.includes(option) ? null : [...form, option]);
  if (/stream_options|include_usage/i.test(words)) return without('usage');
  if (hasSystem && SYSTEM_REFUSED.test(words)) return without('system');
  if (status !== 400 && status !== 422) return null;
  if (/\bstream(ing)?\b/i.test(words) && /not|unsupported/i.test(words)) return without('stream');
  // What is refused by its schema is not always named.
  return form.includes('usage') ? null : without('usage');
}

/** What is kept of a form, by the address of its server. */
export const formToKeep = (base: string, form: RequestForm): Json => ({ base, without: [...form] });

/** The form that was kept for this address; one that leaves nothing out where there is none. */
export function readForm(kept: Json, base: string): RequestForm {
  const record = recordOf(kept);
  if (record?.['base'] !== base) return [];
  const without = listOf(record['without']).map(textOf);
  return OPTIONS.filter((option) => without.includes(option));
}
