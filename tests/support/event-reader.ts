/** Reads server-sent events from a live connection, one at a time. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReadEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface EventReader {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; undefined when the stream has ended. Throws when none comes within the limit. */
  next(limitMs?: number): Promise<ReadEvent | undefined>;
  close(): void;
}

export async function readEvents(url: string, cookie: string): Promise<EventReader> {
  const abort = new AbortController();
  const answer = await fetch(url, { headers: { cookie, accept: 'text/event-stream' }, signal: abort.signal });
  const events = parse(answer);
  return {
    status: answer.status,
    headers: answer.headers,
    async next(limitMs = 5000) {
      const limit = sleep(limitMs, 'late', { ref: false });
      const first = await Promise.race([events.next(), limit]);
      if (first === 'late') throw new Error(`no event within ${limitMs} ms`);
      return (first as IteratorResult<ReadEvent, undefined>).value;
    },
    close: () => abort.abort(),
  };
}

async function* parse(answer: Response): AsyncGenerator<ReadEvent, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const fields = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        text = text.slice(end + 2);
        const event = fields.get('event');
        if (event !== undefined) yield { event, data: JSON.parse(fields.get('data') ?? 'null') as unknown };
      }
    }
  } catch {
    // The connection was cut: the stream has ended.
  }
  return undefined;
}
