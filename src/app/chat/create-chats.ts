/**
 * Sends prompts and keeps what comes back. A prompt is committed as `waiting` before anything is asked, and taken out of
 * that state, committed again, before its request goes out: it is asked once, or visibly not at all, whenever the page
 * is killed. A Web Lock per prompt keeps a second tab from asking the same.
 */

import type { App } from '#app/app.ts';
import type { Files } from '#app/files.ts';
import { createSource } from '#app/observable.ts';
import { callAgain } from '#core/call-again.ts';
import { readFields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import type { Clock, Locks, Random } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { chat } from '#entities/chat.ts';
import type { PatchOfKind } from '#entities/index.ts';
import { message } from '#entities/message.ts';
import { pathTo } from '#features/chat/branches.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import { type ChatMessage, readMessage } from '#features/chat/chat-message.ts';
import type { CompletionRequest } from '#features/chat/completion-request.ts';
import { createAnswerPictures } from './answer-pictures.ts';
import { chooseModel, isGone, isInBin, lastAnswerTo, readMessages, timeBeside } from './chat-reads.ts';
import type { Chats, RunningAnswer } from './chats.ts';
import { keepPrompt } from './keep-prompt.ts';
import type { LlmClient } from './llm-client.ts';
import { withPromptFiles } from './prompt-files.ts';
import { type AnswerWriter, createAnswerWriter } from './running-answer.ts';
import { createWaitingPrompts } from './waiting-prompts.ts';

export interface ChatsOptions {
  readonly app: Pick<App, 'create' | 'get' | 'list' | 'patch' | 'onChange' | 'deviceId' | 'settingsId'>;
  readonly llm: LlmClient;
  readonly files: Pick<Files, 'add' | 'open' | 'fetch'>;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly isOnline: () => boolean;
  /** Whether any tab holds a lock. */
  readonly isHeld: (lock: string) => Promise<boolean>;
}

/** A prompt whose network came back only in name is tried again after this long, then twice as long, up to the last. */
const FIRST_WAKE_MS = 5000;
const LAST_WAKE_MS = 300_000;

/**
 * Whether a prompt waits after this failure. The worker may not know that the network is gone: the page does, before the request
 * or after it. In between, a network that comes back makes a half-failed request look like a refusal. A prompt that waited gives
 * a new network time.
 */
function mayWait(
  error: ChatError,
  { wasOnline, isOnline, again }: { readonly wasOnline: boolean; readonly isOnline: boolean; readonly again: boolean },
): boolean {
  if (error.type === 'Offline') return true;
  if (error.type !== 'Unreachable' && error.type !== 'CorsRefused') return false;
  return !wasOnline || !isOnline || (error.type === 'Unreachable' && !again);
}

const NOTHING_YET = { answerId: null, text: '', reasoning: '', images: [] } as const;

/** Nobody presses Retry in vain. */
const twice = <V>(call: () => Promise<Result<V, StoreError>>): Promise<Result<V, StoreError>> =>
  callAgain(call, ['WorkerLost'], 2);

const askLock = (promptId: string): string => `holdfast-ask:${promptId}`;

export interface OpenChats extends Chats {
  /** Hands over every piece that is only on the screen. Called in the moment in which the page may end. */
  saveAll(): void;
}

export function createChats({ app, llm, files, locks, clock, random, isOnline, isHeld }: ChatsOptions): OpenChats {
  const running = createSource<ReadonlyMap<string, RunningAnswer>>(new Map());
  const stops = new Map<string, AbortController>();
  const writers = new Map<string, AnswerWriter>();
  /** The prompts whose lock this tab holds. */
  const asking = new Set<string>();
  /** The prompts whose answer this tab has brought to its end, and these answers. */
  const ended = new Set<string>();
  /** The chats in the bin in which prompts wait. */
  const binned = new Set<string>();
  const waiting = createWaitingPrompts(app);
  const pictures = createAnswerPictures(files, llm);
  let cancelWake: (() => void) | null = null;
  let wakeMs = FIRST_WAKE_MS;

  const show = (answer: RunningAnswer): void => running.set(new Map(running.value).set(answer.promptId, answer));
  const hide = (promptId: string): void => {
    stops.delete(promptId);
    running.set(new Map([...running.value].filter(([id]) => id !== promptId)));
  };

  /** Runs under the prompt's lock, after the prompt was taken out of its waiting. */
  const answer = async (prompt: ChatMessage, chatId: string): Promise<Result<void, ChatError>> => {
    const start = { chatId, promptId: prompt.id, model: '', startedAt: clock.now() };
    // One that was stopped while it was being sent is not asked.
    const stop = stops.get(prompt.id) ?? new AbortController();
    stops.set(prompt.id, stop);
    show({ ...start, ...NOTHING_YET });
    try {
      if (stop.signal.aborted) return err({ type: 'Stopped' });
      const found = await app.get('chat', chatId);
      const fields = readFields(chat, (found.ok && found.value?.fields) || {});
      const model = await chooseModel(app, llm, fields.model);
      if (!model.ok) return model;
      const all = await readMessages(app, chatId);
      const messages = await withPromptFiles(files, pathTo(all, prompt.id), prompt.id);
      if (!messages.ok) return messages;
      const request: CompletionRequest = {
        model: model.value,
        systemPrompt: fields.systemPrompt,
        messages: messages.value,
      };
      const create = (content: PatchOfKind<'message'>) => app.create('message', content, { onGone: () => stop.abort() });
      const { signal } = stop;
      const writer = createAnswerWriter({
        start: { ...start, model: model.value },
        clock: { now: () => timeBeside(all, prompt.id, clock.now()) },
        ...{ create, pictures, signal, onChange: show },
      });
      writers.set(prompt.id, writer);
      show(writer.running);
      const result = await llm.ask(request, (delta) => writer.add(delta), stop.signal);
      if (!result.ok && !writer.hasBegun) return result;
      await writer.finish(result);
      ended.add(prompt.id).add(writer.running.answerId ?? '');
      return ok(undefined);
    } catch (error) {
      return err({ type: 'AskFailed', reason: String(error) });
    } finally {
      writers.delete(prompt.id);
      hide(prompt.id);
    }
  };

  app.onChange((keys) => {
    const concerns = (chatId: string): boolean => keys?.some(([kind, id]) => kind === 'chat' && id === chatId) ?? true;
    if ([...binned].some(concerns)) {
      binned.clear();
      void wake();
    }
    // Deleted permanently in another tab: nobody waits for the answer any more, and what comes of it is dropped.
    for (const { chatId, promptId } of running.value.values()) {
      if (!stops.has(promptId) || !concerns(chatId)) continue;
      void isGone(app, chatId).then((gone) => gone && stops.get(promptId)?.abort());
    }
  });

  /** `again`: the person's word; else only a prompt that waits for this device is asked. Gives whether it still waits. */
  const ask = async (promptId: string, again: boolean): Promise<boolean> => {
    const stillWaits = await locks.hold(
      askLock(promptId),
      async () => {
        asking.add(promptId);
        const found = await twice(() => app.get('message', promptId));
        if (!found.ok) return true;
        const fields = readFields(message, found.value?.lifecycle === 'live' ? found.value.fields : {});
        const prompt = readMessage(promptId, fields);
        const { chatId } = fields;
        const waits = prompt.state === 'waiting' && prompt.waitingDevice === app.deviceId;
        if (chatId === null || prompt.role !== 'user' || !(again || waits) || (await isGone(app, chatId))) {
          await waiting.set(promptId, false);
          return false;
        }
        if (!again && (await isInBin(app, chatId))) {
          binned.add(chatId);
          return false;
        }
        // What waited for a prompt before it comes after that one's answer, not beside it.
        const follows = waits ? await lastAnswerTo(app, chatId, prompt.follows) : prompt.follows;
        const taking = {
          state: 'complete',
          waitingDevice: '',
          failure: null,
          ...(follows !== prompt.follows && { follows }),
        } as const;
        const taken = await twice(() => app.patch('message', promptId, taking, 'machine'));
        if (!taken.ok) return true;
        const wasOnline = isOnline();
        const result = await answer(prompt, chatId);
        if (result.ok || (await isGone(app, chatId))) {
          await waiting.set(promptId, false);
          return false;
        }
        if (mayWait(result.error, { wasOnline, isOnline: isOnline(), again })) {
          await waiting.set(promptId, true);
          await app.patch('message', promptId, { state: 'waiting', waitingDevice: app.deviceId }, 'machine');
          return true;
        }
        await app.patch('message', promptId, { state: 'failed', failure: result.error }, 'machine');
        await waiting.set(promptId, false);
        return false;
      },
      { ifAvailable: true },
    );
    if (stillWaits !== undefined) asking.delete(promptId);
    // Another tab asks it, or waits for it in its own way: a later look finds out.
    return stillWaits ?? true;
  };

  /** One after the other: each may build on the answer before. Where one has to wait on, so do those behind it. */
  const askInOrder = async (promptIds: readonly string[]): Promise<boolean> => {
    for (const promptId of promptIds) if (await ask(promptId, false)) return true;
    return false;
  };

  const planWake = (): void => {
    if (cancelWake) return;
    cancelWake = clock.setTimer(wakeMs, () => void wake());
    wakeMs = Math.min(LAST_WAKE_MS, wakeMs * 2);
  };

  const wake = async (): Promise<void> => {
    cancelWake?.();
    cancelWake = null;
    // The event of a network that returns wakes us then.
    if (!isOnline()) return;
    const left = await Promise.all((await waiting.byChat()).map(askInOrder));
    if (left.includes(true)) planWake();
    else wakeMs = FIRST_WAKE_MS;
  };

  const askNow = async (promptId: string): Promise<void> => {
    // Offline, the event of the network that returns wakes us.
    if ((await ask(promptId, true)) && isOnline()) planWake();
  };

  return {
    running,
    async send(given, onChat) {
      const promptId = mintId(clock.now(), random);
      // From the first moment it is seen as being asked, not as waiting, and can be stopped.
      stops.set(promptId, new AbortController());
      show({ chatId: given.chatId, promptId, model: '', startedAt: clock.now(), ...NOTHING_YET });
      const kept = await keepPrompt({ app, files, nowMs: clock.now(), onChat }, promptId, given);
      if (!kept.ok) {
        hide(promptId);
        return kept;
      }
      if (!isOnline()) await waiting.set(promptId, true);
      // The first ask of a prompt is the person's word, too: a wrong address is reported at once, not after a wait.
      void askNow(promptId).finally(() => hide(promptId));
      return ok(promptId);
    },
    ask: askNow,
    // The lock of this tab's own prompt outlives its answer by a moment.
    isAskedElsewhere: async (promptId) => !asking.has(promptId) && (await isHeld(askLock(promptId))) && !asking.has(promptId),
    isAnswered: (promptId) => ended.has(promptId),
    isSettling: (id) => asking.has(id) || ended.has(id),
    stop: (promptId) => stops.get(promptId)?.abort(),
    async stopIn(chatIds) {
      const found = [...running.value.values()].filter(({ chatId, promptId }) => chatIds.includes(chatId) && stops.has(promptId));
      for (const { promptId } of found) stops.get(promptId)?.abort();
      await Promise.all(found.map(({ promptId }) => locks.hold(askLock(promptId), async () => {})));
    },
    async withdraw(promptId) {
      await locks.hold(askLock(promptId), async () => {
        const found = await twice(() => app.get('message', promptId));
        if (!found.ok || found.value?.fields.state !== 'waiting') return;
        await twice(() => app.patch('message', promptId, { state: 'complete', waitingDevice: '' }, 'machine'));
        await waiting.set(promptId, false);
      });
    },
    wake,
    saveAll() {
      for (const writer of writers.values()) writer.save();
    },
    async noSight(ofChat) {
      const model = await chooseModel(app, llm, ofChat);
      if (!model.ok) return null;
      if (!(await llm.takesPictures(model.value))) return { model: model.value, why: 'refused' };
      const models = await llm.listModels();
      const sees = models.ok ? (models.value.find(({ name }) => name === model.value)?.sees ?? null) : null;
      return sees === false ? { model: model.value, why: 'listed' } : null;
    },
    trySight: (model) => llm.trySight(model),
    listModels: () => llm.listModels(),
    setKey: (key) => llm.setKey(key),
    forgetKey: () => llm.forgetKey(),
  };
}
