/** Conversations with one OpenAI-compatible server over `fetch`: ask, list the models, find out why it does not work. */
import type { Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type AnswerDelta, type AnswerPiece, DONE, errorMessage, isAnswer, parseJson, readPiece } from './answer.ts';
import type { ChatError } from './chat-error.ts';
import { type CompletionRequest, completionBody } from './completion-request.ts';
import type { Endpoint } from './endpoint.ts';
import { readHttpFailure } from './http-failure.ts';
import { parseModels } from './model-list.ts';
import { createSseReader } from './sse.ts';

/** A large local model may load for minutes before its first word. */
export const STALL_MS = 5 * 60_000;
const LIST_LIMIT_MS = 20_000;

export interface ModelServerPorts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
  /** Whether this device has a network at all. */
  readonly isOnline: () => boolean;
  /** The origin that the server must allow. */
  readonly pageOrigin: string;
}

export interface Access {
  readonly endpoint: Endpoint;
  readonly key: string | null;
}

/** How an answer ended well. */
export interface AnswerEnd {
  readonly finish: string | null;
  readonly tokens: number | null;
  /** From the request to the end of the answer. */
  readonly durationMs: number;
  /** From the first piece to the end: what the speed is reckoned over. */
  readonly streamMs: number;
}

export interface ModelServer {
  /** Streams the answer into `onDelta`, in order. Resolves after its last piece; the pieces before a failure stand. */
  ask(
    access: Access,
    request: CompletionRequest,
    onDelta: (delta: AnswerDelta) => void,
    signal: AbortSignal,
  ): Promise<Result<AnswerEnd, ChatError>>;
  listModels(access: Access): Promise<Result<readonly string[], ChatError>>;
}

export function createModelServer({ fetch, clock, isOnline, pageOrigin }: ModelServerPorts): ModelServer {
  const request = async (access: Access, path: string, init: RequestInit): Promise<Result<Response, ChatError>> => {
    const { base, origin } = access.endpoint;
    const headers = new Headers({ accept: 'application/json, text/event-stream' });
    if (access.key !== null) headers.set('authorization', `Bearer ${access.key}`);
    if (init.body != null) headers.set('content-type', 'application/json');
    try {
      // A redirect could carry the key to another origin, so none is followed.
      const response = await fetch(`${base}${path}`, { ...init, headers, ...QUIET });
      if (response.type === 'opaqueredirect') return err({ type: 'NotCompatible', origin, detail: 'it redirects elsewhere' });
      return ok(response);
    } catch {
      if (init.signal?.aborted) return err(reasonOf(init.signal));
      return err(await explain(access.endpoint));
    }
  };

  /** A failed fetch says nothing. A request without CORS tells a server that answers from one that is not there. */
  const explain = async ({ base, origin }: Endpoint): Promise<ChatError> => {
    try {
      await fetch(`${base}/models`, {
        ...QUIET,
        mode: 'no-cors',
        redirect: 'follow',
        signal: AbortSignal.timeout(LIST_LIMIT_MS),
      });
      return { type: 'CorsRefused', origin, pageOrigin };
    } catch {
      return isOnline() ? { type: 'Unreachable', origin } : { type: 'Offline' };
    }
  };

  const refuse = async (response: Response, access: Access, model: string): Promise<ChatError> =>
    readHttpFailure({
      status: response.status,
      body: await response.text().catch(() => ''),
      retryAfter: response.headers.get('retry-after'),
      origin: access.endpoint.origin,
      model,
      hasKey: access.key !== null,
    });

  return {
    async ask(access, wish, onDelta, signal) {
      const startMs = clock.now();
      const watch = createStallWatch(clock, signal);
      try {
        const body = JSON.stringify(completionBody(wish));
        const sent = await request(access, '/chat/completions', { method: 'POST', body, signal: watch.signal });
        if (!sent.ok) return sent;
        const response = sent.value;
        if (!response.ok) return err(await refuse(response, access, wish.model));
        const kind = response.headers.get('content-type') ?? '';
        const read = kind.includes('text/event-stream') ? readStream : readWhole;
        let firstMs: number | null = null;
        const ended = await read(response, access.endpoint.origin, watch, (delta) => {
          firstMs ??= clock.now();
          onDelta(delta);
        });
        if (!ended.ok) return ended;
        const endMs = clock.now();
        return ok({ ...ended.value, durationMs: endMs - startMs, streamMs: endMs - (firstMs ?? startMs) });
      } finally {
        watch.end();
      }
    },

    async listModels(access) {
      const { origin } = access.endpoint;
      const sent = await request(access, '/models', { method: 'GET', signal: AbortSignal.timeout(LIST_LIMIT_MS) });
      if (!sent.ok) return sent;
      if (!sent.value.ok) return err(await refuse(sent.value, access, ''));
      const body = parseJson(await sent.value.text().catch(() => ''));
      const models = parseModels(body);
      if (models) return ok(models);
      return err({ type: 'NotCompatible', origin, detail: errorMessage(body) ?? 'its list of models is none' });
    },
  };
}

/** No cookie, no address of this page, no cache: the server learns what is asked, and nothing else. */
const QUIET = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', redirect: 'manual' } as const;

interface StallWatch {
  readonly signal: AbortSignal;
  /** Something came. */
  alive(): void;
  end(): void;
}

function createStallWatch(clock: Clock, stop: AbortSignal): StallWatch {
  const controller = new AbortController();
  const abort = (): void => controller.abort({ type: 'Stopped' } satisfies ChatError);
  if (stop.aborted) abort();
  stop.addEventListener('abort', abort);
  const start = (): (() => void) => clock.setTimer(STALL_MS, () => controller.abort({ type: 'Stalled' } satisfies ChatError));
  let cancel = start();
  return {
    signal: controller.signal,
    alive() {
      cancel();
      cancel = start();
    },
    end() {
      cancel();
      stop.removeEventListener('abort', abort);
    },
  };
}

const reasonOf = (signal: AbortSignal): ChatError =>
  signal.reason?.type === 'Stopped' || signal.reason?.type === 'Stalled' ? signal.reason : { type: 'Stalled' };

type Ended = Result<Pick<AnswerEnd, 'finish' | 'tokens'>, ChatError>;
type ReadAnswer = (
  response: Response,
  origin: string,
  watch: StallWatch,
  onDelta: (delta: AnswerDelta) => void,
) => Promise<Ended>;

const readStream: ReadAnswer = async (response, _origin, watch, onDelta) => {
  const sse = createSseReader();
  const reader = response.body?.getReader();
  let finish: string | null = null;
  let tokens: number | null = null;
  let isDone = false;

  /** Takes events in; several of one network chunk become one delta. */
  const take = (events: readonly string[], isLast: boolean): ChatError | null => {
    const pieces: AnswerPiece[] = [];
    let failure: ChatError | null = null;
    for (const data of events) {
      if (data.trim() === DONE) isDone = true;
      if (isDone) break;
      const piece = readPiece(data);
      if (!piece.ok) {
        // The last event of a stream that broke off in its middle is no error of the server's.
        failure = isLast && parseJson(data) === undefined ? { type: 'CutOff' } : piece.error;
        break;
      }
      pieces.push(piece.value);
      finish = piece.value.finish ?? finish;
      tokens = piece.value.tokens ?? tokens;
    }
    const delta = joinDeltas(pieces);
    if (delta.text !== '' || delta.reasoning !== '' || delta.images.length > 0) onDelta(delta);
    return failure;
  };

  try {
    while (reader && !isDone) {
      const { done, value } = await reader.read();
      watch.alive();
      const failure = done ? take(sse.end(), true) : take(sse.push(value), false);
      if (failure) {
        await reader.cancel().catch(() => {});
        return err(failure);
      }
      if (done) break;
    }
    if (isDone) void reader?.cancel().catch(() => {});
  } catch {
    return err(watch.signal.aborted ? reasonOf(watch.signal) : { type: 'CutOff' });
  }
  return isDone || finish !== null ? ok({ finish, tokens }) : err({ type: 'CutOff' });
};

/** A server that does not stream answers at once. */
const readWhole: ReadAnswer = async (response, origin, watch, onDelta) => {
  let text: string;
  try {
    text = await response.text();
  } catch {
    return err(watch.signal.aborted ? reasonOf(watch.signal) : { type: 'CutOff' });
  }
  if (!isAnswer(text)) return err({ type: 'NotCompatible', origin, detail: 'its answer has no choices' });
  const piece = readPiece(text);
  if (!piece.ok) return piece;
  onDelta(joinDeltas([piece.value]));
  return ok({ finish: piece.value.finish, tokens: piece.value.tokens });
};

export function joinDeltas(deltas: readonly AnswerDelta[]): AnswerDelta {
  return {
    text: deltas.map(({ text }) => text).join(''),
    reasoning: deltas.map(({ reasoning }) => reasoning).join(''),
    images: deltas.flatMap(({ images }) => images),
  };
}
