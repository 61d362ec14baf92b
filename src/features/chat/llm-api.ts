/**
 * What the llm worker offers to its page. Endpoint and key are not among the arguments: the worker reads both itself, and
 * nothing that it answers holds the key.
 */
import type { Result } from '#core/result.ts';
import type { AnswerDelta } from './answer.ts';
import type { ChatError } from './chat-error.ts';
import type { CompletionRequest } from './completion-request.ts';
import type { ModelEntry } from './model-list.ts';
import type { AnswerEnd } from './model-server.ts';

/** What comes over the port of an answer. `end` is the last of it; it goes the same way, so that no delta comes after it. */
export type AnswerNews =
  | { readonly type: 'delta'; readonly delta: AnswerDelta }
  | { readonly type: 'end'; readonly result: Result<AnswerEnd, ChatError> };

export interface LlmWorkerApi {
  /** Opens a workspace of this browser, for its endpoint and its key. The first call of a worker's life. */
  open(workspaceId: string): Promise<Result<void, ChatError>>;
  /** Asks; the answer comes over `port`. Any message on the port stops it. */
  ask(request: CompletionRequest, port: MessagePort): Promise<void>;
  /** The bytes of a picture in an answer, from the model's own server; null for an address elsewhere, and where it gives none. */
  picture(address: string): Promise<Blob | null>;
  /** False where this model has refused pictures. */
  takesPictures(model: string): Promise<boolean>;
  /** Forgets that it has. */
  trySight(model: string): Promise<void>;
  listModels(): Promise<Result<readonly ModelEntry[], ChatError>>;
  /** Puts the key into a box for the endpoint of the settings as they are now. */
  setKey(key: string): Promise<Result<{ readonly origin: string }, ChatError>>;
  forgetKey(): Promise<Result<void, ChatError>>;
}
