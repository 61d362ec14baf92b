import { type Remote, transfer, wrap } from 'comlink';
import { err, ok, type Result } from '#core/result.ts';
import { onWorkerLost } from '#core/worker-loss.ts';
import type { AnswerDelta } from '#features/chat/answer.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import type { CompletionRequest } from '#features/chat/completion-request.ts';
import type { AnswerNews, LlmWorkerApi } from '#features/chat/llm-api.ts';
import type { AnswerEnd } from '#features/chat/model-server.ts';

/** Longer than the worker's own limit for a list of models, with its second look at a server that does not answer. */
const DEADLINE_MS = 60_000;

export interface LlmClient extends Omit<LlmWorkerApi, 'open' | 'ask'> {
  /** Resolves after the last delta. */
  ask(
    request: CompletionRequest,
    onDelta: (delta: AnswerDelta) => void,
    signal: AbortSignal,
  ): Promise<Result<AnswerEnd, ChatError>>;
}

interface Connection {
  readonly api: Remote<LlmWorkerApi>;
  readonly opened: Promise<Result<void, ChatError>>;
  /** Settles when the worker is gone: Comlink would leave its calls waiting forever. */
  readonly lost: Promise<{ readonly ok: false; readonly error: ChatError }>;
}

/** The page's side of the llm worker: started at the first call, and again after it was lost. */
export function createLlmClient(spawn: () => Worker, workspaceId: string): LlmClient {
  let connection: Connection | null = null;

  const connect = (): Connection => {
    if (connection) return connection;
    const worker = spawn();
    const { promise: lost, resolve } = Promise.withResolvers<{ readonly ok: false; readonly error: ChatError }>();
    const end = (reason: string): void => {
      connection = null;
      worker.terminate();
      resolve(err({ type: 'WorkerLost', reason }));
    };
    onWorkerLost(worker, end);
    const api = wrap<LlmWorkerApi>(worker);
    const opening = api.open(workspaceId).catch((error: unknown) => err({ type: 'WorkerLost', reason: String(error) } as const));
    const opened = Promise.race([opening, lost]).then((result) => {
      if (!result.ok) end('the workspace did not open');
      return result;
    });
    connection = { api, opened, lost };
    return connection;
  };

  const call = async <T>(act: (api: Remote<LlmWorkerApi>) => Promise<Result<T, ChatError>>): Promise<Result<T, ChatError>> => {
    const { api, opened, lost } = connect();
    const ready = await opened;
    if (!ready.ok) return ready;
    const { promise: late, resolve } = Promise.withResolvers<Result<T, ChatError>>();
    const timer = setTimeout(() => resolve(err({ type: 'WorkerTimeout' })), DEADLINE_MS);
    try {
      return await Promise.race([act(api), lost, late]);
    } catch (error) {
      return err({ type: 'AskFailed', reason: String(error) });
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    async ask(request, onDelta, signal) {
      const { api, opened, lost } = connect();
      const ready = await opened;
      if (!ready.ok) return ready;
      if (signal.aborted) return err({ type: 'Stopped' });
      const { port1, port2 } = new MessageChannel();
      const { promise, resolve } = Promise.withResolvers<Result<AnswerEnd, ChatError>>();
      port1.onmessage = ({ data: news }: MessageEvent<AnswerNews>) => {
        if (news.type === 'delta') onDelta(news.delta);
        else resolve(news.result);
      };
      const stop = (): void => port1.postMessage('stop');
      signal.addEventListener('abort', stop);
      api.ask(request, transfer(port2, [port2])).catch((error: unknown) => {
        resolve(err({ type: 'AskFailed', reason: String(error) }));
      });
      const result = await Promise.race([promise, lost]);
      signal.removeEventListener('abort', stop);
      port1.close();
      return result;
    },
    async picture(address) {
      const read = await call(async (api) => ok(await api.picture(address)));
      return read.ok ? read.value : null;
    },
    async takesPictures(model) {
      const taken = await call(async (api) => ok(await api.takesPictures(model)));
      return !taken.ok || taken.value;
    },
    async trySight(model) {
      await call(async (api) => ok(await api.trySight(model)));
    },
    listModels: () => call((api) => api.listModels()),
    setKey: (key) => call((api) => api.setKey(key)),
    forgetKey: () => call((api) => api.forgetKey()),
  };
}
