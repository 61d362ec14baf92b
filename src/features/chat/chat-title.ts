import { cutText } from '#core/text.ts';

const MAX_LENGTH = 60;

/** A chat's name from its first prompt: its first line, without Markdown's marks at the beginning, cut at a word. */
export function titleFromPrompt(prompt: string): string {
  const line =
    prompt
      .split('\n')
      .map((text) =>
        text
          .replace(/^[\s#>*`-]+/, '')
          .replace(/\s+/g, ' ')
          .trim(),
      )
      .find((text) => text !== '') ?? '';
  if (line.length <= MAX_LENGTH) return line;
  const cut = cutText(line, MAX_LENGTH);
  const space = cut.lastIndexOf(' ');
  return `${space > MAX_LENGTH / 2 ? cut.slice(0, space) : cut}…`;
}
