/** The pictures and files of a conversation, read from this device, or from the server where they are not here. */

import type { Files, KeptFile } from '#app/files.ts';
import { readReference } from '#core/blobs.ts';
import { readDataUrl } from '#core/data-url.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Attachment } from '#entities/message-content.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import type { PromptMessage } from '#features/chat/completion-request.ts';
import { isModelText, MAX_TEXT_BYTES, type PromptFile } from '#features/chat/prompt-file.ts';
import { attachmentOf } from './attachment-of.ts';
import { pictureForModel } from './picture-for-model.ts';

type Reads = Pick<Files, 'open' | 'fetch'>;

/**
 * The messages as the model gets them. A file of `promptId` that cannot be had is an error: what is asked is about it. One of an
 * earlier message is only named.
 */
export async function withPromptFiles(
  files: Reads,
  messages: readonly ChatMessage[],
  promptId: string,
): Promise<Result<readonly PromptMessage[], ChatError>> {
  const read: PromptMessage[] = [];
  for (const { id, role, text, failure, attachments } of messages) {
    const parts: PromptFile[] = [];
    for (const attachment of role === 'user' ? attachments : []) {
      const part = await readPart(files, attachment);
      if (part === null && id === promptId) return err({ type: 'AttachmentMissing', name: attachment.name });
      parts.push(part ?? named(attachment, 'This file is not at hand.'));
    }
    read.push({ role, text, failure, attachments: parts });
  }
  return ok(read);
}

/** Attachments that earlier versions kept in the message itself become files as soon as they are sent again. Where that fails they stay. */
export const asFiles = (files: Pick<Files, 'add'>, attachments: readonly Attachment[]): Promise<readonly Attachment[]> =>
  Promise.all(
    attachments.map(async (attachment) => {
      const data = readDataUrl(attachment.address);
      if (!data) return attachment;
      const added = await files.add(new File([data.bytes], attachment.name, { type: data.type }));
      return added.ok ? { ...attachmentOf(added.value), name: attachment.name } : attachment;
    }),
  );

const named = ({ name }: Attachment, about: string): PromptFile => ({ type: 'other', name, about });

/** Null where its bytes cannot be had. */
async function readPart(files: Reads, attachment: Attachment): Promise<PromptFile | null> {
  const { name, type, address, isPicture } = attachment;
  if (isModelText(type)) {
    const file = await readFile(files, address);
    return file && { type: 'text', name, ...(await beginningOf(file.bytes)) };
  }
  if (!isPicture) return named(attachment, `A file of type ${type || 'unknown'}, which is not included.`);
  const file = await readFile(files, address);
  if (!file) return null;
  const data = await pictureForModel(file.bytes, file);
  return data === null ? named(attachment, 'A picture that cannot be read.') : { type: 'picture', name, data };
}

async function readFile(files: Reads, address: string): Promise<Pick<KeptFile, 'bytes' | 'width' | 'height'> | null> {
  const data = readDataUrl(address);
  if (data) return { bytes: new Blob([data.bytes], { type: data.type }), width: null, height: null };
  const reference = readReference(address);
  if (!reference) return null;
  const { hash, extension } = reference;
  const opened = await files.open(hash, extension);
  if (opened.ok && opened.value) return opened.value;
  const fetched = await files.fetch(hash, extension);
  return fetched.ok ? fetched.value : null;
}

/** A text up to `MAX_TEXT_BYTES`, never cut inside a letter. */
async function beginningOf(bytes: Blob): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const isCut = bytes.size > MAX_TEXT_BYTES;
  const head = await bytes.slice(0, MAX_TEXT_BYTES).arrayBuffer();
  return { text: new TextDecoder().decode(head, { stream: isCut }), isCut };
}
