/** What a model server was seen to send, and what is to be made of it. */
import type { ChatError } from '#features/chat/chat-error.ts';
import type { EndReason } from '#features/chat/end-reason.ts';

export interface AnswerShape {
  readonly what: string;
  readonly body: string;
  /** As the server calls it: `text/event-stream` where nothing is said. */
  readonly contentType?: string;
  readonly text: string;
  readonly reasoning?: string;
  /** Null where the server gives none. */
  readonly finish?: EndReason | null;
  readonly tokens?: number | null;
  readonly model?: string;
  /** How it fails instead of ending; `text` is what came before. */
  readonly failure?: Partial<ChatError>;
}

export interface RefusalShape {
  readonly what: string;
  readonly status: number;
  readonly body: string;
  readonly failure: Partial<ChatError>;
}

export interface ModelsShape {
  readonly what: string;
  readonly body: string;
  readonly names: readonly string[];
  /** The one that is asked where none was chosen. */
  readonly first: string | undefined;
}

export interface ServerShapes {
  readonly server: string;
  /** Where the shapes were learned. */
  readonly sources: readonly string[];
  readonly answers: readonly AnswerShape[];
  readonly refusals: readonly RefusalShape[];
  readonly models: readonly ModelsShape[];
}

/** A stream of these chunks, as the protocol has it. */
export const events = (...chunks: readonly string[]): string =>
  [...chunks, '[DONE]'].map((chunk) => `data: ${chunk}\n\n`).join('');
