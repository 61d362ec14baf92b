/** What comes along when a key or an address is copied: invisible characters, line breaks, quotes, its name. */

const QUOTES = '"\'`“”„‘’‚«»‹›';
const AROUND = new RegExp(`^[\\s${QUOTES}<(]+|[\\s${QUOTES}>),;]+$`, 'g');
/** `OPENAI_API_KEY=`, `"apiKey": "`, `Authorization: `. A port behind a host is no name. */
const LABEL = /^([\w .-]{1,40}?)["']?\s*(?:=|:(?=\s|["'“]|https?:|bearer\b|sk-))\s*(?=[^\s=])/i;
/** A second entry in another line: which of the two is meant nobody can say. */
const SECOND_ENTRY = /\n\s*(https?:|[\w .-]{1,40}\s*[:=])/i;

/**
 * The text that was meant. A name before it goes where it matches `name`. Inside, only what cannot be seen is taken away; line breaks
 * are, unless there are two entries.
 */
export function unwrapPasted(typed: string, name: RegExp): string {
  let text = typed.replace(/[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]/gu, (sign) => (/[\t\n\v\f\r\u2028\u2029\u0085]/.test(sign) ? '\n' : ''));
  if (!SECOND_ENTRY.test(text.trim())) text = text.replace(/\s*\n\s*/g, '');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replace(AROUND, '')
      .replace(/^(export|set|-H|--header)\s+/i, '')
      .replace(/^\$env:/i, '');
    const [whole = '', label = ''] = LABEL.exec(text) ?? [];
    if (name.test(label)) text = text.slice(whole.length);
  }
  return text;
}
