/** What goes along with a prompt, as the model gets it. */

export type PromptFile =
  /** `data`: a `data:` URL that servers take. */
  | { readonly type: 'picture'; readonly name: string; readonly data: string }
  /** Its text goes into the prompt; `isCut`: only the beginning of it. */
  | { readonly type: 'text'; readonly name: string; readonly text: string; readonly isCut: boolean }
  /** The model is given its name. `about`: why it is not given more. */
  | { readonly type: 'other'; readonly name: string; readonly about: string };

/** Of a text file, so many bytes go into the prompt at most: some 25,000 tokens. */
export const MAX_TEXT_BYTES = 100_000;

type Picture = Extract<PromptFile, { readonly type: 'picture' }>;

export const picturesOf = (files: readonly PromptFile[]): readonly Picture[] => files.filter((file) => file.type === 'picture');

/** A prompt with the texts and names of its files before it. Pictures are named where the model does not see them (`sees`). */
export function withFiles(text: string, files: readonly PromptFile[], sees: boolean): string {
  const parts = files.flatMap((file) => (file.type === 'picture' && sees ? [] : [fileText(file)]));
  return [...parts, text].filter((part) => part.trim() !== '').join('\n\n');
}

function fileText(file: PromptFile): string {
  const name = file.name.replace(/["<>\n\r]/g, ' ').trim() || 'unnamed';
  if (file.type === 'picture') return `<file name="${name}">A picture that cannot be shown to this model.</file>`;
  if (file.type === 'other') return `<file name="${name}">${file.about}</file>`;
  const cut = file.isCut ? `\n[The file goes on: only its first ${MAX_TEXT_BYTES / 1000} kB are here.]` : '';
  return `<file name="${name}">\n${file.text.trimEnd()}${cut}\n</file>`;
}

/** An answer as the model gets it back: the references of pictures that it has made would teach it to write some. */
export const assistantText = (text: string): string =>
  text.includes('files/')
    ? text.replace(/!?\[([^\]\n]*)\]\(files\/[0-9a-f]{64}(?:\.[a-z0-9]{1,8})?\)/g, (_, words) => `[${words || 'picture'}]`)
    : text;

/** Whether the text of a file goes into the prompt, by its media type. Drawings are text, and no model takes them as pictures. */
export const isModelText = (type: string): boolean => type === 'text/plain' || type === 'image/svg+xml';
