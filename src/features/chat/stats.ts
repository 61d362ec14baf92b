import type { Json } from '#core/json.ts';
import { recordOf } from './answer.ts';

/** Kept in the message's `stats`. `tokens` is null where the server does not count. */
export type AnswerStats = {
  readonly tokens: number | null;
  readonly durationMs: number;
  readonly tokensPerSecond: number | null;
};

/** `streamMs` runs from the first piece: the time before it is the model's reading and the network's. */
export function measureAnswer(tokens: number | null, durationMs: number, streamMs: number): AnswerStats {
  const overMs = streamMs > 0 ? streamMs : durationMs;
  const tokensPerSecond = tokens !== null && overMs > 0 ? Math.round((tokens / overMs) * 10_000) / 10 : null;
  return { tokens, durationMs, tokensPerSecond };
}

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
