/** One answer on its way from the model into its message: at once on the screen, about once a second on the device. */

import type { EntitySession } from '#app/app.ts';
import type { Fields } from '#core/entity.ts';
import type { Clock } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { AnswerDelta } from '#features/chat/answer.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import type { AnswerEnd } from '#features/chat/model-server.ts';
import { measureAnswer } from '#features/chat/stats.ts';
import type { RunningAnswer } from './chats.ts';

/** How long a piece may be on the screen and not on the device. At the end of the page it is handed over at once. */
export const SAVE_PACE_MS = 1000;

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
  readonly clock: Clock;
  /** Makes the answer's message, at its first piece. */
  readonly create: (fields: Fields) => EntitySession;
  readonly onChange: (running: RunningAnswer) => void;
}

export function createAnswerWriter({ start, clock, create, onChange }: AnswerWriterOptions): AnswerWriter {
  let running: RunningAnswer = { ...start, answerId: null, text: '', reasoning: '', images: [] };
  let session: EntitySession | null = null;
  let saved: RunningAnswer = running;
  let cancelTimer: (() => void) | null = null;

  const begin = (): EntitySession => {
    session ??= create({
      chatId: start.chatId,
      follows: start.promptId,
      role: 'assistant',
      model: start.model,
      state: 'partial',
      createdAt: clock.now(),
      ...contentOf(running, null),
    });
    return session;
  };

  const save = (): void => {
    cancelTimer?.();
    cancelTimer = null;
    if (!session || saved === running) return;
    session.set(contentOf(running, saved));
    saved = running;
  };

  return {
    get running() {
      return running;
    },
    get hasBegun() {
      return session !== null;
    },
    add({ text, reasoning, images }) {
      running = {
        ...running,
        text: running.text + text,
        reasoning: running.reasoning + reasoning,
        images: [...running.images, ...images],
      };
      if (!session) {
        running = { ...running, answerId: begin().id };
        saved = running;
      } else cancelTimer ??= clock.setTimer(SAVE_PACE_MS, save);
      onChange(running);
    },
    save,
    async finish(result) {
      cancelTimer?.();
      cancelTimer = null;
      const message = begin();
      message.set({
        ...contentOf(running, saved),
        ...(result.ok
          ? { state: 'complete', stats: measureAnswer(result.value.tokens, result.value.durationMs, result.value.streamMs) }
          : { state: 'partial', failure: result.error }),
      });
      await message.close();
    },
  };
}

/** What has been added since `before`, by field; everything without it. */
function contentOf(running: RunningAnswer, before: RunningAnswer | null): Fields {
  return {
    ...(running.text !== before?.text && { text: running.text }),
    ...(running.reasoning !== before?.reasoning && { reasoning: running.reasoning }),
    ...(running.images !== before?.images && { images: running.images }),
  };
}
