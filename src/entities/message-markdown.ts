import type { Json } from '#core/json.ts';
import { type Attachment, readAttachments, readImages, readStats, statsText } from './message-content.ts';

export interface MessageText {
  readonly role: string;
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly stats: Json;
  readonly attachments: Json;
  readonly images: Json;
  readonly state: string;
  readonly finish?: string | null;
}

/** Why an answer ended, where it did not come to its end by itself. */
const ENDINGS: { readonly [finish: string]: string | undefined } = {
  length: '*This answer was cut off by its limit of tokens.*',
  content_filter: '*This answer was ended by the content filter of the server.*',
  refusal: '*The model declined to answer.*',
};

/** One message as a part of its chat's Markdown document. The thought process is folded, as on the screen. */
export function messageAsMarkdown(message: MessageText): string {
  const { role, model, text, reasoning, state } = message;
  const stats = readStats(message.stats);
  const name = role === 'user' ? 'You' : role === 'system' ? 'System' : model === '' ? 'Answer' : `Answer (${model})`;
  const parts = [
    `## ${name}`,
    reasoning.trim() === '' ? '' : `<details>\n<summary>Thought process</summary>\n\n${reasoning.trim()}\n\n</details>`,
    text.trim(),
    ...readAttachments(message.attachments).map(attachmentMarkdown),
    ...readImages(message.images).map(imageMarkdown),
    state === 'partial' ? '*This answer was interrupted.*' : (ENDINGS[message.finish ?? ''] ?? ''),
    stats === null ? '' : `<small>${statsText(stats)}</small>`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What was said in a message, with its files, for the clipboard. */
export const saidInMessage = ({ text, attachments, images }: Pick<MessageText, 'text'> & Said): string =>
  [text.trim(), ...attachments.map(attachmentMarkdown), ...images.map(imageMarkdown)].filter((part) => part !== '').join('\n\n');

interface Said {
  readonly attachments: readonly Attachment[];
  readonly images: readonly string[];
}

const imageMarkdown = (address: string): string => `![Generated image](${address})`;

const attachmentMarkdown = ({ name, address, isPicture }: Attachment): string =>
  `${isPicture ? '!' : ''}[${name.replace(/[[\]\\\n]/g, ' ') || (isPicture ? '' : 'File')}](${address})`;
