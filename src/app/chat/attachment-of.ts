import type { AddedFile } from '#app/files.ts';
import type { Attachment } from '#entities/message-content.ts';

/** An added file as it goes along with a prompt. */
export const attachmentOf = ({ name, reference, type, size, isPicture }: AddedFile): Attachment => ({
  name,
  address: reference,
  type,
  size,
  isPicture,
});
