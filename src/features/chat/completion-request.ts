import type { Json } from '#core/json.ts';
import type { Attachment } from '#entities/message-content.ts';

/** A message as the model gets it. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

export interface CompletionRequest {
  readonly model: string;
  readonly systemPrompt: string;
  readonly messages: readonly PromptMessage[];
}

/** The body of `POST /chat/completions`, streamed, with the usage in the last piece. Empty messages are left out. */
export function completionBody({ model, systemPrompt, messages }: CompletionRequest): Json {
  const system = systemPrompt.trim() === '' ? [] : [{ role: 'system', content: systemPrompt }];
  const said = messages.filter(({ text, attachments }) => text.trim() !== '' || attachments.length > 0);
  return {
    model,
    messages: [...system, ...said.map((message) => ({ role: message.role, content: contentOf(message) }))],
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** Plain text stays a string: many servers for local models read nothing else. */
function contentOf({ role, text, attachments }: PromptMessage): Json {
  if (attachments.length === 0 || role !== 'user') return text;
  const images = attachments.map(({ data }) => ({ type: 'image_url', image_url: { url: data } }));
  return text.trim() === '' ? images : [{ type: 'text', text }, ...images];
}
