import type { Fields } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import { recordOf, textOf } from './answer.ts';
import { type Attachment, readAttachments, readImages } from './attachment.ts';
import type { TreeMessage } from './branches.ts';
import type { ChatError } from './chat-error.ts';
import { type AnswerStats, readStats } from './stats.ts';

export type MessageState = 'complete' | 'partial' | 'waiting' | 'failed';

/** A message as panels and requests use it: the entity's fields, checked. */
export interface ChatMessage extends TreeMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  readonly reasoning: string;
  readonly stats: AnswerStats | null;
  readonly attachments: readonly Attachment[];
  readonly images: readonly string[];
  readonly state: MessageState;
  readonly waitingDevice: string;
  readonly model: string;
  readonly failure: ChatError | null;
}

/** Reads a message that this or any other device has written. */
export function readMessage(id: string, fields: Fields): ChatMessage {
  const { role, state } = fields;
  return {
    id,
    follows: textOf(fields['follows']) || null,
    createdAt: typeof fields['createdAt'] === 'number' ? fields['createdAt'] : 0,
    role: role === 'assistant' || role === 'system' ? role : 'user',
    text: textOf(fields['text']),
    reasoning: textOf(fields['reasoning']),
    stats: readStats(fields['stats']),
    attachments: readAttachments(fields['attachments']),
    images: readImages(fields['images']),
    state: state === 'partial' || state === 'waiting' || state === 'failed' ? state : 'complete',
    waitingDevice: textOf(fields['waitingDevice']),
    model: textOf(fields['model']),
    failure: readFailure(fields['failure']),
  };
}

/** The type is enough to trust: words are made for each, and an unknown one gets the general ones. */
function readFailure(value: Json | undefined): ChatError | null {
  const record = recordOf(value);
  return record && typeof record['type'] === 'string' ? (record as unknown as ChatError) : null;
}
