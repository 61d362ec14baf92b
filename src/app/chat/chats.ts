/** Conversations with a model, as panels see them. The messages themselves are entities: this is what happens to them. */

import type { Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { Attachment } from '#entities/message-content.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import type { ModelEntry } from '#features/chat/model-list.ts';

export interface Prompt {
  /** The chat; made where there is none yet. */
  readonly chatId: string;
  /** The message that the prompt comes after; null for a first one. */
  readonly follows: string | null;
  /** The prompt in the place of which it is sent: an edited text is shown instead of it. */
  readonly replaces?: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** An answer under way in this tab. */
export interface RunningAnswer {
  readonly chatId: string;
  readonly promptId: string;
  /** The answer's message, from its first piece on. */
  readonly answerId: string | null;
  readonly text: string;
  readonly reasoning: string;
  readonly images: readonly string[];
  readonly model: string;
  readonly startedAt: number;
}

/** A model that is known to take no pictures. */
export interface NoSight {
  readonly model: string;
  /** It has refused some, and gets none any more; or its server says so in its list of models. */
  readonly why: 'refused' | 'listed';
}

export interface Chats {
  /** By prompt id. */
  readonly running: Observable<ReadonlyMap<string, RunningAnswer>>;
  /**
   * Commits the prompt, and asks it. Resolves with the prompt's id as soon as it is committed. `onChat` is called when it is known that the chat
   * exists, before the prompt does.
   */
  send(prompt: Prompt, onChat?: () => void): Promise<Result<string, StoreError>>;
  /**
   * Asks a prompt that is there already: one that waited, or again for another answer. Exactly one tab does it; a prompt
   * that is being asked is left alone.
   */
  ask(promptId: string): Promise<void>;
  /** Whether another tab of this browser asks a prompt right now. */
  isAskedElsewhere(promptId: string): Promise<boolean>;
  /**
   * Whether this tab is at a prompt, or has committed the end of its answer (by the id of either): whoever still reads it as
   * unfinished will read its end in a moment.
   */
  isSettling(id: string): boolean;
  /** Whether this tab has committed the end of this prompt's answer: it may not have been read yet. */
  isAnswered(promptId: string): boolean;
  /** Ends an answer that runs in this tab. What has come is kept. */
  stop(promptId: string): void;
  /**
   * Ends the answers that run in these chats in this tab, and resolves when they are kept: one that was written on after its
   * chat had been deleted permanently would bring the chat back.
   */
  stopIn(chatIds: readonly string[]): Promise<void>;
  /** Another text is sent in the place of this prompt: where it still waits, on whichever device, it is not asked any more. */
  withdraw(promptId: string): Promise<void>;
  /** Asks what waits for this device's network, but for chats in the bin: theirs are asked when they come back. */
  wake(): Promise<void>;
  /** The model that is asked, where it is known to take no pictures; null otherwise. `ofChat`: as in the chat, empty for that of the settings. */
  noSight(ofChat: string): Promise<NoSight | null>;
  /** Forgets that a model has refused pictures: the next go to it again. */
  trySight(model: string): Promise<void>;
  /** In the server's order. */
  listModels(): Promise<Result<readonly ModelEntry[], ChatError>>;
  /** Puts the key into its box, for the address in the settings. It cannot be read back. */
  setKey(key: string): Promise<Result<{ readonly origin: string }, ChatError>>;
  forgetKey(): Promise<Result<void, ChatError>>;
}
