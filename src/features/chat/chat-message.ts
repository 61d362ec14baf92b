import { type Fields, type FieldsOf, readFields } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import { recordOf } from '#core/json-shape.ts';
import { message } from '#entities/message.ts';
import { type AnswerStats, type Attachment, readAttachments, readImages, readStats } from '#entities/message-content.ts';
import type { TreeMessage } from './branches.ts';
import type { ChatError } from './chat-error.ts';
import { type EndReason, readEndReason } from './end-reason.ts';

export type MessageState = FieldsOf<typeof message>['state'];

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
  readonly finish: EndReason | null;
  readonly failure: ChatError | null;
}

/** Reads a message that this or any other device has written. */
export function readMessage(id: string, fields: Fields): ChatMessage {
  const { follows, stats, attachments, images, failure, finish, chatId: _, ...read } = readFields(message, fields);
  return {
    ...read,
    id,
    follows: follows || null,
    stats: readStats(stats),
    attachments: readAttachments(attachments),
    images: readImages(images),
    finish: readEndReason(finish),
    failure: readFailure(failure),
  };
}

/** The type is enough to trust: words are made for each, and an unknown one gets the general ones. */
function readFailure(value: Json | undefined): ChatError | null {
  const record = recordOf(value);
  return record && typeof record['type'] === 'string' ? (record as unknown as ChatError) : null;
}
