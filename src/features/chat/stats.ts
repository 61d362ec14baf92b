import type { AnswerStats } from '#entities/message-content.ts';

/** `streamMs` runs from the first piece: the time before it is the model's reading and the network's. */
export function measureAnswer(tokens: number | null, durationMs: number, streamMs: number): AnswerStats {
  const overMs = streamMs > 0 ? streamMs : durationMs;
  const tokensPerSecond = tokens !== null && overMs > 0 ? Math.round((tokens / overMs) * 10_000) / 10 : null;
  return { tokens, durationMs, tokensPerSecond };
}
