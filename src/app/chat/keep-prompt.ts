import type { App } from '#app/app.ts';
import type { Files } from '#app/files.ts';
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { attachmentsToKeep } from '#entities/message-content.ts';
import { titleFromPrompt } from '#features/chat/chat-title.ts';
import { readMessages, timeBeside } from './chat-reads.ts';
import type { Prompt } from './chats.ts';
import { asFiles } from './prompt-files.ts';

export interface KeepPromptOptions {
  readonly app: Pick<App, 'get' | 'list' | 'patch' | 'deviceId'>;
  readonly files: Pick<Files, 'add'>;
  /** Wall time in ms. */
  readonly nowMs: number;
  /** Called when it is known that the chat exists. */
  readonly onChat?: (() => void) | undefined;
}

/** Commits a prompt as one that waits for this device, and its chat before it. */
export async function keepPrompt(
  { app, files, nowMs, onChat }: KeepPromptOptions,
  promptId: string,
  { chatId, follows, replaces, text, attachments }: Prompt,
): Promise<Result<unknown, StoreError>> {
  const found = await app.get('chat', chatId);
  if (!found.ok) return found;
  const isNamed = (found.value?.fields.title ?? '') !== '';
  const touched = await app.patch('chat', chatId, {
    lastMessageAt: nowMs,
    ...(isNamed ? {} : { title: titleFromPrompt(text) || attachments[0]?.name || '' }),
  });
  if (!touched.ok) return touched;
  onChat?.();
  return app.patch('message', promptId, {
    chatId,
    follows,
    role: 'user',
    text,
    attachments: attachmentsToKeep(await asFiles(files, attachments)),
    state: 'waiting',
    waitingDevice: app.deviceId,
    createdAt: replaces === undefined ? nowMs : timeBeside(await readMessages(app, chatId), follows, nowMs),
  });
}
