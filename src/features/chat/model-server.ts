/** Conversations with one OpenAI-compatible server over `fetch`: ask, list the models, find out why it does not work. */
import type { Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { AnswerDelta, AnswerFacts } from './answer.ts';
import type { ChatError } from './chat-error.ts';
import { type CompletionRequest, completionBody, countPictures } from './completion-request.ts';
import type { Endpoint } from './endpoint.ts';
import { type ModelEntry, parseModels } from './model-list.ts';
import { type AnswerFault, readAnswer } from './read-answer.ts';
import { nextForm, type RequestForm } from './request-form.ts';
import { openBody, readBounded } from './response-body.ts';
import { readServerFailure } from './server-failure.ts';
import { bodyWords, NO_WORDS, parseJson } from './server-words.ts';
import { createStallWatch, reasonOf } from './stall-watch.ts';

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
  /** What this server, with the model that is asked, is known to refuse. */
  readonly form: RequestForm;
  /** Keeps what it has refused and taken now. */
  readonly keepForm: (form: RequestForm) => Promise<void>;
}

/** How an answer ended well. */
export interface AnswerEnd extends AnswerFacts {
  /** From the request to the end of the answer. */
  readonly durationMs: number;
  /** From the first piece to the end: what the speed is reckoned over. */
  readonly streamMs: number;
  /** Pictures of the conversation that were not sent, because the model does not take any. */
  readonly unseen: number;
}

/** A picture that a model answers with is read up to this size. */
const MAX_PICTURE_BYTES = 100_000_000;
const PICTURE_LIMIT_MS = 45_000;

export interface ModelServer {
  /** Streams the answer into `onDelta`, in order. Resolves after its last piece, and never rejects; the pieces before a failure stay. */
  ask(
    access: Access,
    request: CompletionRequest,
    onDelta: (delta: AnswerDelta) => void,
    signal: AbortSignal,
  ): Promise<Result<AnswerEnd, ChatError>>;
  /**
   * The bytes behind the address of a picture in an answer; null where the address is not of this server, or gives none. The key goes
   * along only where the server wants it, and only below its own address. Never rejects.
   */
  picture(access: Access, address: string): Promise<Blob | null>;
  /** In the server's order. Never rejects. */
  listModels(access: Access): Promise<Result<readonly ModelEntry[], ChatError>>;
}

export function createModelServer({ fetch, clock, isOnline, pageOrigin }: ModelServerPorts): ModelServer {
  /** Under which address a server answers of which only the host was given. */
  const found = new Map<string, string>();

  /** Where only a host was given and it does not know the path, the usual one (`/v1`) is asked. */
  const request = async (access: Access, path: string, init: RequestInit): Promise<Result<Response, ChatError>> => {
    const { base, origin } = access.endpoint;
    const known = found.get(base);
    const sent = await requestAt(access, known ?? base, path, init);
    if (known !== undefined || base !== origin || !sent.ok || !(await isElsewhere(access, sent.value))) return sent;
    const usual = `${base}/v1`;
    const other = await requestAt(access, usual, path, init);
    if (!other.ok || (await isElsewhere(access, other.value))) return sent;
    found.set(base, usual);
    return other;
  };

  const isElsewhere = async (access: Access, response: Response): Promise<boolean> => {
    if (response.status !== 404 && response.status !== 405) return false;
    const said = await response
      .clone()
      .text()
      .catch(() => '');
    return failureOf(access, '', said, response.status).type === 'NotCompatible';
  };

  const requestAt = async (
    access: Access,
    base: string,
    path: string,
    init: RequestInit,
  ): Promise<Result<Response, ChatError>> => {
    const { query, origin } = access.endpoint;
    const headers = new Headers({ accept: 'application/json, text/event-stream' });
    if (access.key !== null) headers.set('authorization', `Bearer ${access.key}`);
    // Azure reads the key of a deployment from a header of its own.
    if (access.key !== null && base.includes('/openai/deployments/')) headers.set('api-key', access.key);
    if (init.body != null) headers.set('content-type', 'application/json');
    try {
      // A redirect could carry the key to another origin, so none is followed.
      const response = await fetch(`${base}${path}${query}`, { ...init, headers, ...QUIET });
      if (response.type === 'opaqueredirect') return err({ type: 'NotCompatible', origin, detail: 'it redirects elsewhere' });
      return ok(response);
    } catch {
      if (init.signal?.aborted) return err(reasonOf(init.signal));
      return err(await explain(access.endpoint));
    }
  };

  /** A failed fetch says nothing. A request without CORS tells a server that answers from one that is not there. */
  const explain = async ({ base, query, origin }: Endpoint): Promise<ChatError> => {
    try {
      await fetch(`${base}/models${query}`, {
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

  const failureOf = (access: Access, model: string, body: string, status: number | null, retryAfter: string | null = null) =>
    readServerFailure({ status, body, retryAfter, origin: access.endpoint.origin, model, hasKey: access.key !== null });

  /** Sends in the form that the server is known to take; a refused field is left out in another try. */
  const send = async (access: Access, wish: CompletionRequest, signal: AbortSignal): Promise<Result<Sent, ChatError>> => {
    for (let { form } = access; ; ) {
      const body = JSON.stringify(completionBody(wish, form));
      const sent = await request(access, '/chat/completions', { method: 'POST', body, signal });
      if (!sent.ok) return sent;
      const response = sent.value;
      if (response.ok) {
        if (form !== access.form) await access.keepForm(form);
        return ok({ response, unseen: form.includes('pictures') ? countPictures(wish) : 0 });
      }
      const said = await response.text().catch(() => '');
      if (signal.aborted) return err(reasonOf(signal));
      const failure = failureOf(access, wish.model, said, response.status, response.headers.get('retry-after'));
      const isForm = failure.type === 'PromptRefused' || failure.type === 'ProviderFailed';
      const has = { hasSystem: wish.systemPrompt.trim() !== '', hasPictures: countPictures(wish) > 0 };
      const next = isForm ? nextForm(form, response.status, bodyWords(said), has) : null;
      if (next === null) return err(failure);
      form = next;
    }
  };

  const faultOf = (fault: AnswerFault, access: Access, wish: CompletionRequest): ChatError => {
    if (fault.type === 'cut') return { type: 'CutOff' };
    if (fault.type === 'foreign') {
      const detail = bodyWords(fault.body) || 'its answer is empty';
      return { type: 'NotCompatible', origin: access.endpoint.origin, detail };
    }
    if (fault.isMiddle) return { type: 'AnswerFailed', message: bodyWords(fault.body) || NO_WORDS };
    return failureOf(access, wish.model, fault.body, fault.status);
  };

  return {
    async ask(access, wish, onDelta, signal) {
      const startMs = clock.now();
      const watch = createStallWatch(clock, signal);
      try {
        const sent = await send(access, wish, watch.signal);
        if (!sent.ok) return sent;
        let firstMs: number | null = null;
        const body = openBody(sent.value.response, watch);
        const ended = await readAnswer({
          chunks: body.chunks(),
          onDelta(delta) {
            firstMs ??= clock.now();
            onDelta(delta);
          },
        });
        if (watch.signal.aborted) return err(reasonOf(watch.signal));
        if (!ended.ok)
          return err(faultOf(body.isBroken && ended.error.type === 'foreign' ? { type: 'cut' } : ended.error, access, wish));
        const endMs = clock.now();
        const { unseen } = sent.value;
        return ok({ ...ended.value, durationMs: endMs - startMs, streamMs: endMs - (firstMs ?? startMs), unseen });
      } catch (error) {
        return err(watch.signal.aborted ? reasonOf(watch.signal) : { type: 'AskFailed', reason: String(error) });
      } finally {
        watch.end();
      }
    },

    async picture({ endpoint, key }, address) {
      const url = ownAddress(endpoint, address);
      if (url === null) return null;
      const signal = AbortSignal.timeout(PICTURE_LIMIT_MS);
      try {
        let response = await fetch(url, { ...QUIET, signal });
        const wantsKey = response.status === 401 || response.status === 403;
        if (wantsKey && key !== null && url.startsWith(`${endpoint.base}/`))
          response = await fetch(url, { ...QUIET, signal, headers: { authorization: `Bearer ${key}` } });
        return response.ok ? await readBounded(response, MAX_PICTURE_BYTES) : null;
      } catch {
        return null;
      }
    },

    async listModels(access) {
      const { origin } = access.endpoint;
      try {
        const sent = await request(access, '/models', { method: 'GET', signal: AbortSignal.timeout(LIST_LIMIT_MS) });
        if (!sent.ok) return sent;
        const said = await sent.value.text().catch(() => '');
        if (!sent.value.ok) return err(failureOf(access, '', said, sent.value.status, sent.value.headers.get('retry-after')));
        const models = parseModels(parseJson(said));
        if (models) return ok(models);
        return err({ type: 'NotCompatible', origin, detail: bodyWords(said) || 'its list of models is none' });
      } catch (error) {
        return err({ type: 'AskFailed', reason: String(error) });
      }
    },
  };
}

interface Sent {
  readonly response: Response;
  readonly unseen: number;
}

/** An address in an answer, where it is the model server's own: also one without a host. */
function ownAddress({ base, origin }: Endpoint, address: string): string | null {
  try {
    const url = new URL(address, `${base}/`);
    return url.origin === origin ? url.href : null;
  } catch {
    return null;
  }
}

/** No cookie, no address of this page, no cache: the server learns what is asked, and nothing else. */
const QUIET = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', redirect: 'manual' } as const;
