/**
 * What of a request a server takes. Each begins with all of it; a field that a server refuses is left out, and that is remembered
 * for its address.
 */

import type { Json } from '#core/json.ts';
import { listOf, recordOf, textOf } from '#core/json-shape.ts';

/**
 * What may be left out. `usage`: `stream_options`. `stream`: the answer comes at once. `system`: goes along with the first prompt.
 * `pictures`: only their names go along; that is a model's, the others are a server's.
 */
const OPTIONS = ['usage', 'stream', 'system', 'pictures'] as const;

type RequestOption = (typeof OPTIONS)[number];

/** What is left out. */
export type RequestForm = readonly RequestOption[];

/** Templates without a system message say so in these words, or that the roles do not alternate. */
const SYSTEM_REFUSED =
  /system[ _]?(role|messages?|prompt)\b.*not|not.*\bsystem[ _]?(role|messages?|prompt)|roles must alternate|only user and assistant roles/i;

/** Models without sight are said so in these words, by whatever runs them. What is wrong with one picture is said in others. */
const PICTURES = /\b(images?|image_url|vision|visual|multi-?modal|mmproj|input modalit\w+)\b/i;
const REFUSED =
  /\bnot\b|n['’]t\b|unknown|unsupported|un(recognized|expected)|only|missing|\bno\b|\bat most 0\b|without|must be|should be|disabled|provide the mmproj/i;
const ONE_PICTURE =
  /too (large|big|many|small|long)|exceed|at most [1-9]|maximum|\bsize\b|dimension|pixel|decod|corrupt|malformed|base64|(?:fail|could not|unable).{0,20}(?:load|process|download|fetch)|your image|invalid image|valid image|image (format|type|data)|mime|media type/i;
const TEXT_ALONE =
  /content\b.{0,60}\b(must|should|expected|to) (be|to be|is)? ?(a |an )?(valid )?str(ing)?\b|expected (a )?string/i;

function refusesPictures(said: string): boolean {
  // Some servers repeat what they were sent.
  const words = said.replace(/data:image\S*/g, '');
  return (PICTURES.test(words) && REFUSED.test(words) && !ONE_PICTURE.test(words)) || TEXT_ALONE.test(words);
}

export interface RequestParts {
  readonly hasSystem: boolean;
  readonly hasPictures: boolean;
}

/** The form that is tried next after a refusal with these words; null where another form would not help. */
export function nextForm(form: RequestForm, status: number, words: string, has: RequestParts): RequestForm | null {
  const without = (option: RequestOption): RequestForm | null => (form.includes(option) ? null : [...form, option]);
  if (/stream_options|include_usage/i.test(words)) return without('usage');
  if (has.hasPictures && !form.includes('pictures') && refusesPictures(words)) return without('pictures');
  if (has.hasSystem && SYSTEM_REFUSED.test(words)) return without('system');
  if (status !== 400 && status !== 422) return null;
  if (/\bstream(ing)?\b/i.test(words) && /not|unsupported/i.test(words)) return without('stream');
  // What is refused by its schema is not always named.
  return form.includes('usage') ? null : without('usage');
}

/** What is kept of a form, by the address of its server, and which of its models do not see. `kept`: what was kept before. */
export function formToKeep(base: string, model: string, form: RequestForm, kept: Json = null): Json {
  const others = blindModels(kept, base).filter((one) => one !== model);
  const blind = form.includes('pictures') ? [...others, model] : others;
  const without = form.filter((option) => option !== 'pictures');
  return { base, without, ...(blind.length > 0 && { blind }) };
}

/** The form that was kept for this address and model; one that leaves nothing out where there is none. */
export function readForm(kept: Json, base: string, model: string): RequestForm {
  const record = recordOf(kept);
  if (record?.['base'] !== base) return [];
  const without = listOf(record['without']).map(textOf);
  const isBlind = blindModels(kept, base).includes(model);
  return OPTIONS.filter((option) => (option === 'pictures' ? isBlind : without.includes(option)));
}

function blindModels(kept: Json, base: string): readonly string[] {
  const record = recordOf(kept);
  return record?.['base'] === base ? listOf(record['blind']).map(textOf) : [];
}
