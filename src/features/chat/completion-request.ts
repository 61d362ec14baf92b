import type { Json } from '#core/json.ts';
import type { ChatError } from './chat-error.ts';
import { assistantText, type PromptFile, picturesOf, withFiles } from './prompt-file.ts';
import type { RequestForm } from './request-form.ts';

/** A message as the model gets it. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  readonly attachments: readonly PromptFile[];
  /** Why a prompt got no answer. */
  readonly failure?: ChatError | null;
}

export interface CompletionRequest {
  readonly model: string;
  readonly systemPrompt: string;
  readonly messages: readonly PromptMessage[];
}

/** The body of `POST /chat/completions`: streamed, with the usage in the last piece, as far as the server takes both. */
export function completionBody({ model, systemPrompt, messages }: CompletionRequest, form: RequestForm = []): Json {
  const turns = alternate(messages);
  const rules = [systemPrompt, ...messages.filter(({ role }) => role === 'system').map(({ text }) => text)]
    .filter(isText)
    .join('\n\n');
  const isApart = rules !== '' && !form.includes('system');
  const [first, ...rest] = turns;
  const asked = rules === '' || isApart || !first ? turns : [{ ...first, text: joinTexts(rules, first.text) }, ...rest];
  return {
    model,
    messages: [
      ...(isApart ? [{ role: 'system', content: rules }] : []),
      ...asked.map((turn) => ({ role: turn.role, content: contentOf(turn, !form.includes('pictures')) })),
    ],
    stream: !form.includes('stream'),
    ...(!form.includes('stream') && !form.includes('usage') && { stream_options: { include_usage: true } }),
  };
}

/**
 * The turns of a conversation, prompt and answer in turn, a prompt first: strict chat templates (Gemma, Mistral, Phi) refuse anything
 * else. Prompts without an answer go along with the next one, but for those that the server refused: it would refuse that one, too.
 */
function alternate(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  const said = messages.filter(
    ({ role, text, attachments, failure }, at) =>
      role !== 'system' &&
      (isText(text) || attachments.length > 0) &&
      !(failure?.type === 'PromptRefused' && at < messages.length - 1),
  );
  const turns: PromptMessage[] = [];
  for (const message of said) {
    const before = turns.at(-1);
    if (before?.role === message.role) turns[turns.length - 1] = joinTurns(before, message);
    else if (before || message.role === 'user') turns.push(message);
  }
  return turns;
}

const joinTurns = (first: PromptMessage, second: PromptMessage): PromptMessage => ({
  role: first.role,
  text: joinTexts(first.text, second.text),
  attachments: [...first.attachments, ...second.attachments],
});

const isText = (text: string): boolean => text.trim() !== '';
const joinTexts = (...texts: readonly string[]): string => texts.filter(isText).join('\n\n');

/** Plain text stays a string: many servers for local models read nothing else. */
function contentOf({ role, text, attachments }: PromptMessage, sees: boolean): Json {
  if (role !== 'user') return assistantText(text);
  const said = withFiles(text, attachments, sees);
  const images = sees ? picturesOf(attachments).map(({ data }) => ({ type: 'image_url', image_url: { url: data } })) : [];
  if (images.length === 0) return said;
  return isText(said) ? [{ type: 'text', text: said }, ...images] : images;
}

/** How many pictures go along with a request to a model that sees. */
export const countPictures = ({ messages }: CompletionRequest): number =>
  alternate(messages).reduce((count, { role, attachments }) => count + (role === 'user' ? picturesOf(attachments).length : 0), 0);
