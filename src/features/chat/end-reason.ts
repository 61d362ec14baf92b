import { textOf } from '#core/json-shape.ts';

/** Why an answer ended. `other`: for a reason that servers of today do not give. */
export type EndReason = 'stop' | 'length' | 'content_filter' | 'refusal' | 'tool_calls' | 'failed' | 'other';

/** The words of servers that put it otherwise than OpenAI, in small letters. */
const WORDS: { readonly [word: string]: EndReason | undefined } = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  completed: 'stop',
  done: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  max_completion_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  content_filter: 'content_filter',
  content_filtered: 'content_filter',
  safety: 'content_filter',
  recitation: 'content_filter',
  prohibited_content: 'content_filter',
  blocklist: 'content_filter',
  spii: 'content_filter',
  sensitive: 'content_filter',
  refusal: 'refusal',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  tool_use: 'tool_calls',
  error: 'failed',
  network_error: 'failed',
  abort: 'failed',
  insufficient_system_resource: 'failed',
};

/** What a server's reason means; null where it gives none yet. */
export function readEndReason(value: unknown): EndReason | null {
  const word = textOf(value).trim().toLowerCase();
  if (word === '' || word === 'null') return null;
  // Some add a reason of their own: `content_filter: PROHIBITED_CONTENT`.
  const [first = word] = word.split(/[:\s]/);
  return WORDS[word] ?? WORDS[first] ?? 'other';
}
