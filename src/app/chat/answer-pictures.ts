/** The pictures that a model answers with, on their way into files of this device. */

import type { Files } from '#app/files.ts';
import { readDataUrl } from '#core/data-url.ts';
import type { LlmClient } from './llm-client.ts';

export type KeptPicture =
  | { readonly type: 'kept'; readonly reference: string }
  /** In words why not. */
  | { readonly type: 'refused'; readonly words: string }
  /** It is no picture, but how somebody writes one: it belongs into the text as it is. */
  | { readonly type: 'literal' };

export interface AnswerPictures {
  /** Keeps a picture that came as a `data:` URL. Never rejects. */
  keep(address: string): Promise<KeptPicture>;
  /** Gets a picture from the model's own server, and keeps it; null for an address elsewhere, and where it gives none. */
  fetch(address: string): Promise<string | null>;
}

/** No picture is as short as the example of one in an explanation. */
const LITERAL_CHARS = 300;

export function createAnswerPictures(files: Pick<Files, 'add'>, llm: Pick<LlmClient, 'picture'>): AnswerPictures {
  const refused = (words: string): KeptPicture => ({ type: 'refused', words });
  return {
    async keep(address) {
      const data = readDataUrl(address);
      if (!data)
        return address.length < LITERAL_CHARS ? { type: 'literal' } : refused('The model sent a picture that is not whole.');
      const added = await files.add(new Blob([data.bytes], { type: data.type }));
      if (added.ok) return { type: 'kept', reference: added.value.reference };
      if (added.error.type === 'FileEmpty') return refused('The model sent an empty picture.');
      if (added.error.type === 'FileTooLarge')
        return refused('The model sent a picture of more than 100 MB, which was not kept.');
      return refused('A picture of the model could not be kept on this device.');
    },
    async fetch(address) {
      const bytes = await llm.picture(address);
      const added = bytes && (await files.add(bytes));
      return added?.ok && added.value.isPicture ? added.value.reference : null;
    },
  };
}
