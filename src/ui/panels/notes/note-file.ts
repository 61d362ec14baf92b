import type { Fields } from '#core/entity.ts';
import { note } from '#entities/note.ts';
import { textOf } from './note-summary.ts';

/** A note as a Markdown document: its title as the first heading, unless the text starts with the same one. */
export function noteAsMarkdown(fields: Fields): string {
  const title = textOf(fields['title']).trim();
  const text = textOf(fields['text']);
  return title === '' || text.trimStart().startsWith(`# ${title}`) ? text : `# ${title}\n\n${text}`;
}

/** A file name that every system takes. */
export function noteFileName(fields: Fields): string {
  const name = note
    .title(fields)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a file name.
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .replace(/[. ]+$/, '');
  return `${name === '' ? 'Note' : name}.md`;
}

/** Hands a text to the browser's downloads. */
export function downloadText(fileName: string, text: string, type = 'text/markdown'): void {
  downloadBlob(fileName, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** Hands bytes to the browser's downloads. */
export function downloadBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold on the bytes once it has begun; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
