/** What the `json` fields of a message hold: its pictures and files, and the figures of an answer. */
import { readReference } from '#core/blobs.ts';
import type { Json } from '#core/json.ts';
import { listOf, recordOf, textOf } from '#core/json-shape.ts';

/** A picture or a file that goes along with a prompt. */
export type Attachment = {
  /** What the file is called; empty where it has no name. */
  readonly name: string;
  /** How it is referred to (`src/core/blobs.ts`), or a picture as a `data:image/…` URL: earlier versions kept it in the message itself. */
  readonly address: string;
  /** Media type, by its content. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Whether it is shown as a picture. */
  readonly isPicture: boolean;
};

/** Kept in the message's `stats`. `tokens` is null where the server does not count. */
export type AnswerStats = {
  readonly tokens: number | null;
  readonly durationMs: number;
  readonly tokensPerSecond: number | null;
  /** Pictures of the conversation that the model was not given, because it takes none; absent where there were none. */
  readonly unseen?: number;
};

/** The attachments of a message, leaving out whatever is not one. */
export function readAttachments(value: Json | undefined): readonly Attachment[] {
  return listOf(value).flatMap((item) => {
    const { name, reference, type, size, picture, data } = recordOf(item) ?? {};
    const said = { name: textOf(name), type: textOf(type) };
    if (readReference(textOf(reference)))
      return [
        {
          ...said,
          address: textOf(reference),
          size: typeof size === 'number' && size > 0 ? size : 0,
          isPicture: picture === true,
        },
      ];
    const address = textOf(data);
    if (!isImageData(address)) return [];
    return [{ ...said, address, type: typeOfData(address), size: sizeOfData(address), isPicture: true }];
  });
}

/** Attachments as a message keeps them. One that is not referred to stays in the form in which earlier versions kept it. */
export const attachmentsToKeep = (attachments: readonly Attachment[]): Json =>
  attachments.map(({ name, address, type, size, isPicture }) =>
    address.startsWith('data:') ? { name, data: address } : { name, reference: address, type, size, picture: isPicture },
  );

/** The pictures that a model made, as references or addresses, leaving out whatever is none. */
export function readImages(value: Json | undefined): readonly string[] {
  return listOf(value)
    .map(textOf)
    .filter((address) => isImageData(address) || /^https?:\/\//.test(address) || readReference(address) !== null);
}

const isImageData = (address: string): boolean => /^data:image\/(png|jpeg|webp|gif|avif);base64,/i.test(address);

const typeOfData = (address: string): string => address.slice('data:'.length, address.indexOf(';')).toLowerCase();

const sizeOfData = (address: string): number =>
  Math.floor(((address.replace(/=+$/, '').length - address.indexOf(',') - 1) * 3) / 4);

/** The figures of an answer; null where `value` is none. */
export function readStats(value: Json | undefined): AnswerStats | null {
  const { tokens, durationMs, tokensPerSecond, unseen } = recordOf(value) ?? {};
  if (typeof durationMs !== 'number') return null;
  return {
    tokens: typeof tokens === 'number' ? tokens : null,
    durationMs,
    tokensPerSecond: typeof tokensPerSecond === 'number' ? tokensPerSecond : null,
    ...(typeof unseen === 'number' && unseen > 0 && { unseen }),
  };
}

/** `120 tokens · 2.4 s · 50 tokens/s`, with what is known. */
export function statsText({ tokens, durationMs, tokensPerSecond }: AnswerStats): string {
  return [
    tokens === null ? '' : `${tokens.toLocaleString('en')} ${tokens === 1 ? 'token' : 'tokens'}`,
    `${(durationMs / 1000).toFixed(1)} s`,
    tokensPerSecond === null ? '' : `${tokensPerSecond.toLocaleString('en')} tokens/s`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
