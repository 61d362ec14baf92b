import type { Page } from 'playwright';

const PAUSE_MS = 200;

/**
 * Looks at the heaps of a page's workers until stopped, each time after a collection, and tells the largest in bytes.
 * Workers that start later are seen, too.
 */
export async function watchHeaps(page: Page, tell: (bytes: number) => void): Promise<{ stop(): Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  const workers = new Set<string>();
  const waiting = new Map<number, (answer: { readonly usedSize?: number }) => void>();
  let calls = 0;
  session.on('Target.attachedToTarget', ({ sessionId }) => workers.add(sessionId));
  session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { readonly id?: number; readonly result?: object };
    if (id !== undefined) waiting.get(id)?.(result ?? {});
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });

  const call = async (sessionId: string, method: string): Promise<{ readonly usedSize?: number }> => {
    const id = ++calls;
    const answered = new Promise<{ readonly usedSize?: number }>((resolve) => {
      waiting.set(id, resolve);
      // A worker that ended never answers.
      setTimeout(() => resolve({}), 5000).unref();
    });
    await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(() => {});
    const answer = await answered;
    waiting.delete(id);
    return answer;
  };

  let running = true;
  const looking = (async () => {
    while (running) {
      for (const worker of [...workers]) {
        await call(worker, 'HeapProfiler.collectGarbage');
        const { usedSize } = await call(worker, 'Runtime.getHeapUsage');
        if (usedSize !== undefined) tell(usedSize);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    async stop() {
      running = false;
      await looking;
      await session.detach();
    },
  };
}
