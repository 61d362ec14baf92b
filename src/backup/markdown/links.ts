/** The links in the Markdown of other apps: to pictures, files and other documents, relative or by name. */

export interface Link {
  /** What it leads to, as it is written, decoded. */
  readonly target: string;
  /** `[[…]]` and `![[…]]` look for a name anywhere in the folder. */
  readonly isByName: boolean;
  /** It is shown, not linked. */
  readonly isShown: boolean;
  /** The words that are shown for it; '' where there are none. */
  readonly words: string;
  /** The heading or page behind `#`, without it. */
  readonly part: string;
}

/** What is not looked into comes first: code. All lengths are bounded, so that no text takes the square of its length. */
const PIECES = new RegExp(
  [
    '(?:^|(?<=\\n))(?:```|~~~)[^\\n]*\\n(?:(?!```|~~~)[^\\n]*\\n)*(?:```|~~~|$)?',
    '`[^`\\n]{1,1000}`',
    '(?<embed>!?)\\[\\[(?<name>[^[\\]|\\n]{1,400})(?:\\\\?\\|(?<alias>[^[\\]\\n]{0,400}))?\\]\\]',
    '(?<image>!?)\\[(?<words>[^[\\]\\n]{0,1000})\\]\\((?:<(?<angled>[^<>\\n]{1,1000})>|(?<plain>(?:[^()\\s<>]|\\([^()\\s]{0,200}\\)){1,1000}))(?<title>[ \\t]+(?:"[^"\\n]{0,300}"|\'[^\'\\n]{0,300}\'))?[ \\t]*\\)',
    '(?<tag><img\\b[^<>\\n]{0,500}?\\bsrc=")(?<src>[^"\\n]{1,500})(?=")',
  ].join('|'),
  'g',
);
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i;

type Groups = { readonly [name: string]: string | undefined };

function linkOf(groups: Groups): Link | null {
  const { embed, name, alias, image, words = '', angled, plain, src } = groups;
  if (name !== undefined) {
    const [target = '', part = ''] = divided(name);
    return target.trim() === ''
      ? null
      : { target: target.trim(), isByName: true, isShown: embed === '!', words: alias ?? '', part };
  }
  const address = angled ?? plain ?? src;
  if (address === undefined || ELSEWHERE.test(address)) return null;
  const [target = '', part = ''] = divided(address);
  return { target: decoded(target), isByName: false, isShown: image === '!' || src !== undefined, words, part };
}

const divided = (address: string): readonly [string, string] => {
  const at = address.indexOf('#');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
};

function decoded(address: string): string {
  try {
    return decodeURIComponent(address.replace(/\?.*$/, ''));
  } catch {
    return address;
  }
}

/** All links of a text that may lead into its folder. */
export function findLinks(text: string): readonly Link[] {
  return [...text.matchAll(PIECES)].flatMap(({ groups }) => linkOf(groups ?? {}) ?? []);
}

/** The text with other links: `replace` gives what a link becomes, as a reference to a file or the title of a document; null leaves it. */
export function replaceLinks(
  text: string,
  replace: (link: Link) => { readonly reference: string } | { readonly title: string } | null,
): string {
  return text.replace(PIECES, (whole: string, ...rest: readonly unknown[]) => {
    const groups = rest.at(-1) as Groups;
    const link = linkOf(groups);
    const found = link && replace(link);
    if (!found) return whole;
    if ('title' in found) return titleLink(link, found.title);
    const { reference } = found;
    if (groups['tag'] !== undefined) return `${groups['tag']}${reference}`;
    // `![[leaf.png|300]]` says how wide it is, not what it shows.
    const isSize = /^\d+(?:x\d+)?$/.test(link.words);
    const words = link.isByName && (link.words === '' || isSize) ? baseName(link.target) : link.words;
    return `${link.isShown ? '!' : ''}[${words.replace(/[[\]]/g, ' ')}](${reference}${groups['title'] ?? ''})`;
  });
}

function titleLink({ words, target, part, isByName, isShown }: Link, title: string): string {
  const own = isByName ? `${baseName(target)}${part === '' ? '' : ` › ${part}`}` : '';
  const shown = words || own;
  const link = shown === '' || shown === title ? `[[${title}]]` : `[[${title}|${shown.replace(/[[\]|]/g, ' ')}]]`;
  return isShown && isByName ? `!${link}` : link;
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const CODE =
  /(?:^|(?<=\n))(?:```|~~~)[^\n]*\n(?:(?!```|~~~)[^\n]*\n)*(?:```|~~~|$)?|`[^`\n]{1,1000}`|\]\([^()\n]{0,1000}\)|\[\[[^[\]\n]{0,400}\]\]/g;
const TAG = /(?:^|(?<=[\s(,;]))#([\p{L}\p{N}_/-]{1,100})(?![\p{L}\p{N}_/#-])/gu;

/** The tags within a text, `#exam` or `#biology/plants`, without their sign. Numbers alone are none. */
export const findTags = (text: string): readonly string[] =>
  text.includes('#')
    ? [...text.replace(CODE, ' ').matchAll(TAG)].flatMap(([, tag = '']) =>
        /\p{L}/u.test(tag) ? [tag.replace(/^\/+|\/+$/g, '')] : [],
      )
    : [];
