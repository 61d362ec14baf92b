/** A worker as the page has it, whose other end is a port in the same context. */

export interface WorkerOver {
  readonly worker: Worker;
  /** The worker's end, to be served. */
  readonly port: MessagePort;
  /** The worker dies, as an error event says. */
  readonly kill: () => void;
}

/** `onEnd` is called when the page ends the worker. */
export function workerOver(onEnd: () => void = () => {}): WorkerOver {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  const listeners = new Map<string, (event: unknown) => void>();
  const worker = {
    postMessage: (message: unknown, transfer: Transferable[]) => port1.postMessage(message, transfer as never),
    addEventListener(type: string, listener: (event: unknown) => void) {
      if (type === 'message') port1.addEventListener('message', listener as never);
      else listeners.set(type, listener);
    },
    removeEventListener: (_type: string, listener: () => void) => port1.removeEventListener('message', listener as never),
    terminate() {
      port1.close();
      onEnd();
    },
  } as unknown as Worker;
  return { worker, port: port2, kill: () => listeners.get('error')?.({ message: 'killed' }) };
}
