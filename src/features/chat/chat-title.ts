import { cleanName } from '#core/names.ts';
import { cutText } from '#core/text.ts';
import { withoutMarks } from '#features/markdown/plain-text.ts';

const MAX_LENGTH = 60;
/** What is behind it is cut off in any case, unless the line is marks. */
const LONGEST_LINE = 2000;

/** A chat's name from its first prompt: its first line that says something, without Markdown's marks, cut at a word. */
export function titleFromPrompt(prompt: string): string {
  let line = '';
  for (const text of prompt.split('\n')) {
    line = cleanName(withoutMarks(text.slice(0, LONGEST_LINE)));
    if (line !== '') break;
  }
  if (line.length <= MAX_LENGTH) return line;
  const cut = cutText(line, MAX_LENGTH);
  const space = cut.lastIndexOf(' ');
  return `${space > MAX_LENGTH / 2 ? cut.slice(0, space) : cut}…`;
}
