import { createParser, type ParseError } from 'eventsource-parser';
import { recordOf } from '#core/json-shape.ts';
import { parseJson } from './server-words.ts';

/** One event of an answer's stream. */
export interface StreamEvent {
  /** Empty where the server gives none. */
  readonly name: string;
  readonly data: string;
}

/** Server-sent events (WHATWG HTML, section 9.2.6) from bytes that are cut anywhere. */
export interface EventReader {
  /** The events that these bytes complete. */
  push(bytes: Uint8Array): readonly StreamEvent[];
  /** The event that the end of the stream left open: servers forget the blank line after their last one. */
  end(): readonly StreamEvent[];
}

/**
 * Reads events with `eventsource-parser`. Beside the standard it takes two things for events that servers write in the middle of a
 * stream: a line that is a JSON object without `data:` (an error of a proxy, or a stream of JSON lines), and `error: …` (older llama.cpp).
 */
export function createEventReader(): EventReader {
  const decoder = new TextDecoder();
  let events: StreamEvent[] = [];
  /** What follows the last line end. The parser passes over a line that it does not know as soon as it is cut. */
  let rest: string[] = [];
  const onError = ({ type, field, value, line }: ParseError): void => {
    if (type !== 'unknown-field' || line === undefined) return;
    if (field === 'error') events.push({ name: 'error', data: value ?? '' });
    else if (recordOf(parseJson(line))) events.push({ name: '', data: line });
  };
  const parser = createParser({
    // An event without data is none.
    onEvent: ({ event, data }) => data.trim() !== '' && events.push({ name: event ?? '', data }),
    onError,
  });

  const read = (text: string): readonly StreamEvent[] => {
    events = [];
    const cut = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    if (cut > 0) {
      parser.feed(rest.join('') + text.slice(0, cut));
      rest = [];
    }
    if (cut < text.length) rest.push(text.slice(cut));
    return events;
  };

  return {
    push: (bytes) => read(decoder.decode(bytes, { stream: true })),
    end: () => read(`${decoder.decode()}\n\n`),
  };
}
