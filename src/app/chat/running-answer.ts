/** One answer on its way from the model into its message: each piece is typed into it as it is shown, and saved in that pace. */

import type { EntitySession } from '#app/app.ts';
import type { Clock } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { PatchOfKind } from '#entities/index.ts';
import { type AnswerDelta, addDelta } from '#features/chat/answer.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import type { AnswerEnd } from '#features/chat/model-server.ts';
import { measureAnswer } from '#features/chat/stats.ts';
import type { RunningAnswer } from './chats.ts';

type MessagePatch = PatchOfKind<'message'>;

export interface AnswerWriter {
  readonly running: RunningAnswer;
  /** Whether anything came. */
  readonly hasBegun: boolean;
  add(delta: AnswerDelta): void;
  /** Hands over what has come, without waiting for the pace. */
  save(): void;
  /** Writes the end, and resolves when it is committed. */
  finish(result: Result<AnswerEnd, ChatError>): Promise<void>;
}

export interface AnswerWriterOptions {
  readonly start: Omit<RunningAnswer, 'answerId' | 'text' | 'reasoning' | 'images'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Makes the answer's message, at its first piece. */
  readonly create: (fields: MessagePatch) => EntitySession<'message'>;
  readonly onChange: (running: RunningAnswer) => void;
}

export function createAnswerWriter({ start, clock, create, onChange }: AnswerWriterOptions): AnswerWriter {
  let running: RunningAnswer = { ...start, answerId: null, text: '', reasoning: '', images: [] };
  let session: EntitySession<'message'> | null = null;

  const begin = (): EntitySession<'message'> => {
    session ??= create({
      chatId: start.chatId,
      follows: start.promptId,
      role: 'assistant',
      model: start.model,
      state: 'partial',
      createdAt: clock.now(),
      ...changedContent({ text: '', reasoning: '', images: [] }, running),
    });
    return session;
  };

  return {
    get running() {
      return running;
    },
    get hasBegun() {
      return session !== null;
    },
    add(delta) {
      const before = running;
      const { text, reasoning, images } = addDelta(before, delta);
      running = { ...before, text, reasoning, images };
      // Before it is shown: what is on the screen and not on the device is never called saved.
      if (session) session.set(changedContent(before, running));
      else running = { ...running, answerId: begin().id };
      onChange(running);
    },
    save: () => void session?.flush(),
    async finish(result) {
      const message = begin();
      message.set({
        ...(result.ok
          ? {
              state: 'complete',
              stats: measureAnswer(result.value.tokens, result.value.durationMs, result.value.streamMs),
              finish: result.value.finish ?? '',
              // A router chooses the model itself, and a server answers with the one that it has.
              ...(result.value.model !== '' && { model: result.value.model }),
            }
          : { state: 'partial', failure: result.error }),
      });
      await message.close();
    },
  };
}

type Content = Pick<AnswerDelta, 'text' | 'reasoning' | 'images'>;

/** The fields in which the two differ. Text and images only grow, but for text that turns out to be a thought. */
function changedContent(before: Content, after: Content): MessagePatch {
  return {
    ...(after.text.length !== before.text.length && { text: after.text }),
    ...(after.reasoning.length !== before.reasoning.length && { reasoning: after.reasoning }),
    ...(after.images.length !== before.images.length && { images: after.images }),
  };
}
