/** References to pictures and files in the Markdown of a folder: they lead from where the file lies. */
import { WHOLE_REFERENCE } from '#core/blobs.ts';

const BARE = new RegExp(`(?<![/\\w])${WHOLE_REFERENCE.source}`, 'g');
const LED_UP = new RegExp(`(?<![/\\w.])(?:\\.\\./)+(${WHOLE_REFERENCE.source})`, 'g');

/** The text as it is in the file of that path: its references lead to the top of the folder. */
export function fromPath(path: string, text: string): string {
  const up = '../'.repeat(path.split('/').length - 1);
  return up === '' || !text.includes('files/') ? text : text.replace(BARE, (reference) => up + reference);
}

/** The text as it is kept, of a file in whatever folder. */
export const toReferences = (text: string): string => (text.includes('../files/') ? text.replace(LED_UP, '$1') : text);
