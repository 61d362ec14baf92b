/** The turns of a chat as they are shown: with the answers that come in just now. */
import type { RunningAnswer } from '#app/chat/chats.ts';
import type { Turn } from '#features/chat/branches.ts';
import type { ChatMessage } from '#features/chat/chat-message.ts';

export type ShownTurn = Turn<ChatMessage> & { readonly running: RunningAnswer | undefined };

/** Puts each running answer in its place: before its first piece it has no message of its own. */
export function withRunning(thread: readonly Turn<ChatMessage>[], running: readonly RunningAnswer[]): readonly ShownTurn[] {
  const byAnswer = new Map(running.map((answer) => [answer.answerId, answer]));
  const turns = thread.map((turn) => ({ ...turn, running: byAnswer.get(turn.message.id) }));
  for (const answer of running) {
    const at = turns.findIndex(({ message }) => message.id === answer.promptId);
    const isThere = turns.some((turn) => turn.running === answer);
    if (at >= 0 && !isThere) return [...turns.slice(0, at + 1), { message: emptyAnswer(answer), siblings: [], running: answer }];
  }
  return turns;
}

/** The prompt at the end of a thread whose answer has no end, or that has none yet; undefined where nothing is missing. */
export function unfinishedPrompt(thread: readonly Turn<ChatMessage>[]): string | undefined {
  const last = thread.at(-1)?.message;
  if (!last || last.failure) return undefined;
  if (last.role === 'user') return last.state === 'complete' ? last.id : undefined;
  return last.state === 'partial' ? (last.follows ?? undefined) : undefined;
}

const emptyAnswer = ({ promptId, model, startedAt }: RunningAnswer): ChatMessage => ({
  id: `answer-to-${promptId}`,
  follows: promptId,
  createdAt: startedAt,
  role: 'assistant',
  text: '',
  reasoning: '',
  stats: null,
  attachments: [],
  images: [],
  state: 'partial',
  waitingDevice: '',
  model,
  finish: null,
  failure: null,
});
