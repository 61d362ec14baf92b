import type { AnswerStats } from '#entities/message-content.ts';
import type { AnswerEnd } from './model-server.ts';

type Figures = Pick<AnswerEnd, 'tokens' | 'durationMs' | 'streamMs' | 'unseen'>;

/** `streamMs` runs from the first piece: the time before it is the model's reading and the network's. */
export function measureAnswer({ tokens, durationMs, streamMs, unseen }: Figures): AnswerStats {
  const overMs = streamMs > 0 ? streamMs : durationMs;
  const tokensPerSecond = tokens !== null && overMs > 0 ? Math.round((tokens / overMs) * 10_000) / 10 : null;
  return { tokens, durationMs, tokensPerSecond, ...(unseen > 0 && { unseen }) };
}
