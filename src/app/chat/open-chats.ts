/** Loads the chats' code when it is first wanted: by a panel, or because a prompt waits for the network. */

import type { App } from '#app/app.ts';
import { once } from '#core/lazy.ts';
import { chat } from '#entities/chat.ts';
import { systemClock, systemRandom, webLocks } from '#platform/system.ts';
import type { Chats } from './chats.ts';
import type { ChatsOptions } from './create-chats.ts';

type ChatsApp = ChatsOptions['app'] & { readonly files: ChatsOptions['files'] };

/** Opens the chats once; after a failed load the next call tries again. */
export function lazyChats(app: ChatsApp, workspaceId: string): () => Promise<Chats> {
  return once(async () => {
    const [{ createChats }, { createLlmClient }, { spawnLlmWorker }] = await Promise.all([
      import('./create-chats.ts'),
      import('./llm-client.ts'),
      import('./spawn-llm-worker.ts'),
    ]);
    const llm = createLlmClient(spawnLlmWorker, workspaceId);
    const chats = createChats({
      app,
      llm,
      files: app.files,
      locks: webLocks,
      clock: systemClock,
      random: systemRandom,
      isOnline: () => navigator.onLine,
      isHeld: async (lock) => (await navigator.locks?.query())?.held?.some(({ name }) => name === lock) ?? false,
    });
    // In the capture phase of the window: before the page's own end, which writes the journal, asks what is unsaved.
    for (const type of ['visibilitychange', 'pagehide', 'beforeunload'])
      addEventListener(type, () => chats.saveAll(), { capture: true });
    return chats;
  });
}

/** Ends the answers that run in chats which are about to be deleted: a late piece would bring them back. Other kinds have none. */
export async function stopAnswers(chats: () => Promise<Chats>, kind: string, ids: readonly string[]): Promise<void> {
  if (kind !== chat.kind) return;
  const opened = await chats().catch(() => null);
  await opened?.stopIn(ids);
}

/** Asks what waits for this device: now, whenever its network returns, and when the page comes back into sight. */
export function wakeWaitingPrompts(app: Pick<App, 'get' | 'deviceId'>, chats: () => Promise<Chats>): void {
  const look = async (): Promise<void> => {
    if (!navigator.onLine) return;
    const desk = await app.get('chat-desk', app.deviceId);
    const waiting = desk.ok ? desk.value?.fields.waiting : null;
    if (!waiting || waiting.length === 0) return;
    const opened = await chats().catch(() => null);
    await opened?.wake();
  };
  void look();
  addEventListener('online', () => void look());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void look();
  });
}
