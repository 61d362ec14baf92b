/**
 * Formulas in TeX: `$x$` and `\(x\)` in a line, `$$x$$`, `\[x\]` and a block of code named `math` by themselves. What they
 * become is code; the view draws it as a formula as soon as the library is there.
 */
import type { Token, TokenizerAndRendererExtension } from 'marked';
import { escapeHtml } from './escape-html.ts';

/** No blank line inside; a single dollar ends before a letter or a digit for no formula: prices and shell variables stay as they are. */
const DOLLAR = /^\$(?![\s$])((?:\\[^\n]|[^\\$\n]|\n(?![ \t]*\n)){1,2000}?)\$(?![\w$])/;
const DOUBLE_DOLLAR = /^\$\$(?!\$)((?:\\[\s\S]|[^\\$]){1,20000})\$\$/;
const ROUND = /^\\\(((?:\\(?![()])[^\n]|[^\\\n]|\n(?![ \t]*\n)){1,2000})\\\)/;
const SQUARE = /^\\\[((?:\\(?![[\]])[\s\S]|[^\\]){1,20000})\\\](?!\()/;
/** Where a display formula may begin: at the beginning of a line. */
export const DISPLAY_START = /\n {0,3}(?:\$\$(?!\$)|\\\[)/;
const DISPLAY_LINES = /^ {0,3}(\$\$|\\\[)/;

const SIGNS = /[\\^_{}=<>+]/;
const WORDS = /\p{L}{2}/u;
/** "5 and 6", as between the dollars of two prices. */
const PRICE = /^\d[\d.,]*\s+\p{L}{2}/u;

export interface FormulaToken {
  readonly type: 'formula' | 'formulaBlock';
  readonly raw: string;
  readonly tex: string;
  readonly display: boolean;
}

function readDollars(source: string): FormulaToken | undefined {
  const display = DOUBLE_DOLLAR.exec(source);
  if (display?.[1] !== undefined && display[1].trim() !== '')
    return { type: 'formula', raw: display[0], tex: display[1].trim(), display: true };
  const [raw, inside] = DOLLAR.exec(source) ?? [];
  if (raw === undefined || inside === undefined || /\s$/.test(inside) || PRICE.test(inside)) return undefined;
  // GitHub's way to keep Markdown's signs out of a formula: $`a_b`$.
  const tex = /^`(.+)`$/s.exec(inside)?.[1] ?? inside;
  return { type: 'formula', raw, tex, display: false };
}

/** Brackets with a backslash are Markdown's way to write brackets, too: only what looks like a formula is one. */
function readBrackets(source: string): FormulaToken | undefined {
  const [raw, tex] = ROUND.exec(source) ?? [];
  if (raw !== undefined && tex !== undefined && tex.trim() !== '' && (SIGNS.test(tex) || !WORDS.test(tex)))
    return { type: 'formula', raw, tex: tex.trim(), display: false };
  const [square, inside] = SQUARE.exec(source) ?? [];
  if (square === undefined || inside === undefined || !SIGNS.test(inside)) return undefined;
  return { type: 'formula', raw: square, tex: inside.trim(), display: true };
}

const readFormula = (source: string): FormulaToken | undefined =>
  source.startsWith('$') ? readDollars(source) : source.startsWith('\\') ? readBrackets(source) : undefined;

function readDisplayLines(source: string): FormulaToken | undefined {
  const start = DISPLAY_LINES.exec(source);
  if (!start) return undefined;
  const indent = source.length - source.trimStart().length;
  const found = readFormula(source.slice(indent));
  const end = indent + (found?.raw.length ?? 0);
  const rest = /^[ \t]*(?:\n|$)/.exec(source.slice(end, end + 200));
  if (!found?.display || !rest) return undefined;
  return { ...found, type: 'formulaBlock', raw: source.slice(0, end + rest[0].length) };
}

/** Code that the view finds again by its class. */
export const formulaCode = (tex: string, display: boolean): string =>
  `<code class="language-math${display ? '-display' : ''}">${escapeHtml(tex)}</code>`;

const isFormula = (token: Token | FormulaToken): token is FormulaToken => 'tex' in token;
const draw = (token: Token): string => (isFormula(token) ? formulaCode(token.tex, token.display) : '');

export const formulaExtensions: readonly TokenizerAndRendererExtension[] = [
  { name: 'formula', level: 'inline', tokenizer: (source) => readFormula(source), renderer: draw },
  {
    name: 'formulaBlock',
    level: 'block',
    tokenizer: (source) => readDisplayLines(source),
    renderer: (token) => `<p>${draw(token)}</p>\n`,
  },
];
