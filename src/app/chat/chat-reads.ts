/** What is read before a prompt is asked: the chat with its messages, and which model is to answer. */
import type { App } from '#app/app.ts';
import { err, ok, type Result } from '#core/result.ts';
import { effectiveSetting } from '#entities/effective-settings.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import { type ChatMessage, readMessage } from '#features/chat/chat-message.ts';
import { firstForChats } from '#features/chat/model-list.ts';
import type { LlmClient } from './llm-client.ts';

const PAGE = 500;

type ChatReads = Pick<App, 'get' | 'list'>;

/** All messages of a chat; those before a page that could not be read. */
export async function readMessages(app: ChatReads, chatId: string): Promise<readonly ChatMessage[]> {
  const messages: ChatMessage[] = [];
  for (let after: string | undefined; ; ) {
    const page = await app.list({ kind: 'message', parent: chatId, limit: PAGE, ...(after !== undefined && { after }) });
    if (!page.ok) return messages;
    for (const { id, fields } of page.value.items) messages.push(readMessage(id, fields));
    if (page.value.next === null) return messages;
    after = page.value.next;
  }
}

/**
 * The time in ms of a message that is made at `nowMs` and comes after `follows`: behind the others that do, whatever the clock of this
 * device or of another one says. The newest of them is shown.
 */
export const timeBeside = (messages: readonly ChatMessage[], follows: string | null, nowMs: number): number =>
  messages.reduce((time, one) => (one.follows === follows ? Math.max(time, one.createdAt + 1) : time), nowMs);

/** The newest answer to a prompt; the message itself where it is no prompt, or has no answer. */
export async function lastAnswerTo(app: ChatReads, chatId: string, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const messages = await readMessages(app, chatId);
  if (messages.find((one) => one.id === id)?.role !== 'user') return id;
  const answers = messages.filter(({ role, follows }) => role === 'assistant' && follows === id);
  return answers.toSorted((a, b) => a.createdAt - b.createdAt).at(-1)?.id ?? id;
}

/** The chat's model, else that of the settings (this device's own first), else the server's first that is for chats. */
export async function chooseModel(
  app: ChatReads & Pick<App, 'settingsId' | 'deviceId'>,
  llm: Pick<LlmClient, 'listModels'>,
  ofChat: string,
): Promise<Result<string, ChatError>> {
  if (ofChat !== '') return ok(ofChat);
  const settings = await app.get('settings', app.settingsId);
  const own = await app.get('device-settings', app.deviceId);
  const preferred = effectiveSetting('model', {
    settings: settings.ok ? settings.value?.fields : undefined,
    deviceSettings: own.ok ? own.value?.fields : undefined,
  }).value;
  if (preferred !== '') return ok(preferred);
  const models = await llm.listModels();
  if (!models.ok) return models;
  const first = firstForChats(models.value);
  return first === undefined ? err({ type: 'NoModel' }) : ok(first);
}

export async function isInBin(app: ChatReads, chatId: string): Promise<boolean> {
  const chat = await app.get('chat', chatId);
  return chat.ok && chat.value?.lifecycle === 'binned';
}

/** What is written into a chat that was deleted permanently brings it back: nobody has asked for that here. */
export async function isGone(app: ChatReads, chatId: string): Promise<boolean> {
  const chat = await app.get('chat', chatId);
  return chat.ok && chat.value?.lifecycle === 'purged';
}
