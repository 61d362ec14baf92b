/** An entity of any kind as a file that a person reads. */
import { capitalize, type EntityDeclaration, type Fields } from '#core/entity.ts';
import { cutText } from '#core/text.ts';

/** A document as Markdown: its own text, then that of its children (`EntityDeclaration.markdown`). */
export function documentMarkdown(
  { title, markdown }: Pick<EntityDeclaration, 'title' | 'markdown'>,
  fields: Fields,
  children: readonly string[] = [],
): string {
  const own = markdown ? markdown(fields) : `# ${title(fields)}\n`;
  const parts = children.filter((part) => part !== '');
  return parts.length === 0 ? own : `${[own.trimEnd(), ...parts].join('\n\n')}\n`;
}

/** Of a name, beside its ending: some file systems take 255 bytes, and a character may have three. */
const MAX_NAME = 80;
/** Marks of direction and of order, which make a name look like another. */
const UNSEEN = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Names that Windows keeps for its devices, with any ending (learn.microsoft.com, "Naming Files, Paths, and Namespaces"). */
const DEVICE_NAME = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\s*(\.|$))/i;

/** What of a text can be the name of a file on every system, at most 80 characters; '' where nothing can. */
export function cleanFileName(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(UNSEEN, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a file name.
    .replace(/[\u0000-\u001f\u007f-\u009f<>:"/\\|?*]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return (
    cutText(clean, MAX_NAME)
      .replace(/[. ]+$/, '')
      .replace(DEVICE_NAME, '$1_')
      // A file whose name begins with a dot is not shown by systems other than Windows.
      .replace(/^\./, '_.')
  );
}

/** A file name that every system takes: the title, or the kind's noun where nothing of it can be in a name. */
export const documentFileName = ({ title, nouns }: Pick<EntityDeclaration, 'title' | 'nouns'>, fields: Fields): string =>
  `${cleanFileName(title(fields)) || capitalize(nouns.one)}.md`;
