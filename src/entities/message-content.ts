/** What the `json` fields of a message hold: its images, and the figures of an answer. */
import type { Json } from '#core/json.ts';
import { listOf, recordOf, textOf } from '#core/json-shape.ts';

/** An image that goes along with a prompt. It is kept in the message itself. */
export type Attachment = {
  readonly name: string;
  /** A `data:image/…` URL. */
  readonly data: string;
};

/** Kept in the message's `stats`. `tokens` is null where the server does not count. */
export type AnswerStats = {
  readonly tokens: number | null;
  readonly durationMs: number;
  readonly tokensPerSecond: number | null;
};

/** The attachments of a message, leaving out whatever is not one. */
export function readAttachments(value: Json | undefined): readonly Attachment[] {
  return listOf(value).flatMap((item) => {
    const { name, data } = recordOf(item) ?? {};
    return isImageData(textOf(data)) ? [{ name: textOf(name), data: textOf(data) }] : [];
  });
}

/** The generated images of a message: addresses, leaving out whatever is not one. */
export function readImages(value: Json | undefined): readonly string[] {
  return listOf(value)
    .map(textOf)
    .filter((address) => isImageData(address) || address.startsWith('https://'));
}

const isImageData = (address: string): boolean => /^data:image\/(png|jpeg|webp|gif|avif);base64,/i.test(address);

/** The figures of an answer; null where `value` is none. */
export function readStats(value: Json | undefined): AnswerStats | null {
  const { tokens, durationMs, tokensPerSecond } = recordOf(value) ?? {};
  if (typeof durationMs !== 'number') return null;
  return {
    tokens: typeof tokens === 'number' ? tokens : null,
    durationMs,
    tokensPerSecond: typeof tokensPerSecond === 'number' ? tokensPerSecond : null,
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
