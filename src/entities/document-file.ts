/** An entity of any kind as a file that a person reads. */
import { capitalize, type EntityDeclaration, type Fields } from '#core/entity.ts';

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

/** A file name that every system takes: the title, or the kind's noun where nothing of it can be in a name. */
export function documentFileName({ title, nouns }: Pick<EntityDeclaration, 'title' | 'nouns'>, fields: Fields): string {
  const name = title(fields)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a file name.
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .replace(/[. ]+$/, '');
  return `${name === '' ? capitalize(nouns.one) : name}.md`;
}
