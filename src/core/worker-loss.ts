/** A worker, as far as it says that it has ended. */
interface Watched {
  addEventListener(type: string, listener: (event: object) => void): void;
}

/** Calls `end` with why a worker will not answer any more. It may be called more than once. */
export function onWorkerLost(worker: Watched, end: (reason: string) => void): void {
  worker.addEventListener('error', (event) => {
    const message = 'message' in event && typeof event.message === 'string' ? event.message : '';
    end(message || 'the worker failed');
  });
  worker.addEventListener('messageerror', () => end('a message could not be read'));
}
