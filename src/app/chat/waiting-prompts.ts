/** The prompts that wait to be asked from this device, in an entity of its own. */
import type { App } from '#app/app.ts';
import { type ChatMessage, readMessage } from '#features/chat/chat-message.ts';
import { orderWaiting } from '#features/chat/waiting-order.ts';

export interface WaitingPrompts {
  /** Adds a prompt, or takes it out. */
  set(promptId: string, waits: boolean): Promise<void>;
  /** Their ids in the order in which they were sent, those of each chat together. */
  byChat(): Promise<readonly (readonly string[])[]>;
}

export function createWaitingPrompts(app: Pick<App, 'get' | 'patch' | 'deviceId'>): WaitingPrompts {
  const read = async (): Promise<readonly string[]> => {
    const desk = await app.get('chat-desk', app.deviceId);
    return (desk.ok ? desk.value?.fields.waiting : null) ?? [];
  };
  return {
    async set(promptId, waits) {
      const waiting = await read();
      if (waiting.includes(promptId) === waits) return;
      const next = waits ? [...waiting, promptId] : waiting.filter((id) => id !== promptId);
      await app.patch('chat-desk', app.deviceId, { waiting: next });
    },
    async byChat() {
      const waiting = await read();
      const found = await Promise.all(waiting.map((promptId) => app.get('message', promptId)));
      // A message that could not be read just now is asked for by itself.
      const chatOf = (at: number): unknown => (found[at]?.ok ? found[at].value?.fields.chatId : waiting[at]);
      const chats = Map.groupBy(waiting.keys(), chatOf);
      const messageAt = (at: number): ChatMessage =>
        readMessage(waiting[at] as string, (found[at]?.ok && found[at].value?.fields) || {});
      return [...chats.values()].map((places) => orderWaiting(places.map(messageAt)).map(({ id }) => id));
    },
  };
}
