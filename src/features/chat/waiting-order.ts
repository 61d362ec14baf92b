import type { ChatMessage } from './chat-message.ts';

type Waiting = Pick<ChatMessage, 'id' | 'follows' | 'createdAt'>;

/**
 * Prompts of one chat in the order in which they were sent. One that follows another comes after it whatever the clock said;
 * of two of the same millisecond the one that is named first comes first.
 */
export function orderWaiting(prompts: readonly Waiting[]): readonly Waiting[] {
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]));
  const ordered = new Set<Waiting>();
  const begun = new Set<Waiting>();
  const add = (prompt: Waiting): void => {
    if (begun.has(prompt)) return;
    begun.add(prompt);
    const before = byId.get(prompt.follows ?? '');
    if (before) add(before);
    ordered.add(prompt);
  };
  for (const prompt of prompts.toSorted((a, b) => a.createdAt - b.createdAt)) add(prompt);
  return [...ordered];
}
