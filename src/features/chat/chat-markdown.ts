import type { ChatMessage } from './chat-message.ts';
import { statsText } from './stats.ts';

export interface ChatHead {
  readonly title: string;
  readonly model: string;
  readonly systemPrompt: string;
}

/** The shown messages of a chat as one Markdown document. The thought process is folded, as on the screen. */
export function chatAsMarkdown({ title, model, systemPrompt }: ChatHead, messages: readonly ChatMessage[]): string {
  const head = [`# ${title}`, model === '' ? '' : `Model: ${model}`, systemPrompt.trim() === '' ? '' : quote(systemPrompt)];
  return `${[...head, ...messages.flatMap(messageParts)].filter((part) => part !== '').join('\n\n')}\n`;
}

function messageParts(message: ChatMessage): readonly string[] {
  const { role, model, text, reasoning, stats, attachments, images, state } = message;
  const name = role === 'user' ? 'You' : role === 'system' ? 'System' : model === '' ? 'Answer' : `Answer (${model})`;
  return [
    `## ${name}`,
    reasoning.trim() === '' ? '' : `<details>\n<summary>Thought process</summary>\n\n${reasoning.trim()}\n\n</details>`,
    text.trim(),
    ...attachments.map(({ name: label, data }) => `![${label.replace(/[[\]\n]/g, ' ')}](${data})`),
    ...images.map((address) => `![Generated image](${address})`),
    state === 'partial' ? '*This answer was interrupted.*' : '',
    stats === null ? '' : `<small>${statsText(stats)}</small>`,
  ];
}

const quote = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
