/** One answer on its way from the model into its message: each piece is typed into it as it is shown, and saved in that pace. */

import type { EntitySession } from '#app/app.ts';
import type { Clock } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { PatchOfKind } from '#entities/index.ts';
import { type AnswerDelta, addDelta, EMPTY_DELTA } from '#features/chat/answer.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import type { AnswerEnd } from '#features/chat/model-server.ts';
import { imageAddresses, replaceAddresses, separatePicture } from '#features/chat/picture-markdown.ts';
import { measureAnswer } from '#features/chat/stats.ts';
import type { AnswerPictures } from './answer-pictures.ts';
import type { RunningAnswer } from './chats.ts';

type MessagePatch = PatchOfKind<'message'>;

export interface AnswerWriter {
  readonly running: RunningAnswer;
  /** Whether anything came. */
  readonly hasBegun: boolean;
  add(delta: AnswerDelta): void;
  /** Hands over what has come, without waiting for the pace, and without waiting until its pictures are kept. */
  save(): void;
  /** Writes the end, and resolves when it is committed. */
  finish(result: Result<AnswerEnd, ChatError>): Promise<void>;
}

export interface AnswerWriterOptions {
  readonly start: Omit<RunningAnswer, 'answerId' | 'text' | 'reasoning' | 'images'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Makes the answer's message, at its first piece. */
  readonly create: (fields: MessagePatch) => EntitySession<'message'>;
  readonly pictures: AnswerPictures;
  /** Nobody waits for pictures any more. */
  readonly signal: AbortSignal;
  readonly onChange: (running: RunningAnswer) => void;
}

type Content = Pick<AnswerDelta, 'text' | 'reasoning' | 'images'>;

const isData = (address: string): boolean => /^data:/i.test(address);

export function createAnswerWriter({ start, clock, create, pictures, signal, onChange }: AnswerWriterOptions): AnswerWriter {
  let running: RunningAnswer = { ...start, answerId: null, text: '', reasoning: '', images: [] };
  let session: EntitySession<'message'> | null = null;
  /** What the session was given last. */
  let written: Content = running;
  /** What comes behind a picture that is being kept, with the picture first: the message names only what is on this device. */
  const held: AnswerDelta[] = [];
  let keeping: Promise<void> | null = null;

  const begin = (): EntitySession<'message'> => {
    session ??= create({
      chatId: start.chatId,
      follows: start.promptId,
      role: 'assistant',
      model: start.model,
      state: 'partial',
      createdAt: clock.now(),
      ...changedContent(EMPTY_DELTA, running),
    });
    written = running;
    return session;
  };

  const write = (content: Content): void => {
    const { text, reasoning, images } = content;
    running = { ...running, text, reasoning, images };
    // Before it is shown: what is on the screen and not on the device is never called saved.
    if (session) session.set(changedContent(written, running));
    else running = { ...running, answerId: begin().id };
    written = running;
    onChange(running);
  };

  /** Its pictures come first into a file, then into the text. */
  const keepHeld = async (): Promise<void> => {
    for (let delta = held[0]; delta; delta = held[0]) {
      const texts: string[] = [];
      const others: string[] = [];
      for (const address of delta.images) {
        if (!isData(address)) {
          others.push(address);
          continue;
        }
        const kept = await pictures.keep(address);
        if (kept.type === 'refused') texts.push(delta.inText ? '' : `\n\n*${kept.words}*\n\n`);
        else if (kept.type === 'literal') texts.push(address);
        else texts.push(delta.inText ? kept.reference : separatePicture(kept.reference));
      }
      held.shift();
      write(addDelta(addDelta(running, { ...delta, images: others }), { ...EMPTY_DELTA, text: texts.join('') }));
    }
    keeping = null;
  };

  /** What the model's own server has is fetched, so that it is here when that is gone. */
  const fetchPictures = async (): Promise<void> => {
    const { images, text } = running;
    const addresses = [...new Set([...images, ...imageAddresses(text)])].filter((address) => !isData(address));
    if (addresses.length === 0) return;
    const stopped = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));
    const found = new Map<string, string>();
    const fetchOne = async (address: string): Promise<void> => {
      const reference = signal.aborted ? null : await Promise.race([pictures.fetch(address), stopped]).catch(() => null);
      if (reference !== null) found.set(address, reference);
    };
    await Promise.all(addresses.map(fetchOne));
    if (found.size === 0) return;
    const named = { text: replaceAddresses(text, found), images: images.map((address) => found.get(address) ?? address) };
    running = { ...running, ...named };
    session?.set(named);
    onChange(running);
  };

  return {
    get running() {
      return running;
    },
    get hasBegun() {
      return session !== null || held.length > 0;
    },
    add(delta) {
      if (held.length === 0 && !delta.images.some(isData)) return write(addDelta(running, delta));
      held.push(delta);
      keeping ??= keepHeld();
    },
    save() {
      if (held.length > 0) {
        // The page may end before they are kept: as text, what has come is in the journal whole.
        const raw = held.reduce(addRaw, running);
        begin().set({ text: raw.text, reasoning: raw.reasoning });
        written = raw;
      }
      void session?.flush();
    },
    async finish(result) {
      const message = begin();
      await keeping;
      message.set({
        ...(result.ok
          ? {
              state: 'complete',
              stats: measureAnswer(result.value),
              finish: result.value.finish ?? '',
              // A router chooses the model itself, and a server answers with the one that it has.
              ...(result.value.model !== '' && { model: result.value.model }),
            }
          : { state: 'partial', failure: result.error }),
      });
      if (result.ok) {
        void message.flush();
        await fetchPictures();
      }
      await message.close();
    },
  };
}

/** With its pictures as they came. */
function addRaw(whole: AnswerDelta, delta: AnswerDelta): AnswerDelta {
  const images = delta.images.map((address) => (delta.inText ? address : separatePicture(address)));
  return addDelta(addDelta(whole, { ...delta, images: [] }), { ...EMPTY_DELTA, text: images.join('') });
}

/** The fields in which the two differ. Text and images only grow, but for text that turns out to be a thought. */
function changedContent(before: Content, after: Content): MessagePatch {
  return {
    ...(after.text.length !== before.text.length && { text: after.text }),
    ...(after.reasoning.length !== before.reasoning.length && { reasoning: after.reasoning }),
    ...(after.images.length !== before.images.length && { images: [...after.images] }),
  };
}
