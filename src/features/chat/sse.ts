/**
 * Server-sent events, as models stream them (WHATWG HTML, section 9.2.6), from bytes cut anywhere: in a line, between CR
 * and LF, inside a letter of UTF-8. Only `data` counts; comments and all other fields are passed over.
 */
export interface SseReader {
  /** The data of the events that these bytes complete. */
  push(bytes: Uint8Array): readonly string[];
  /** The data of an event that the end of the stream left open: servers forget the blank line after their last one. */
  end(): readonly string[];
}

export function createSseReader(): SseReader {
  const decoder = new TextDecoder();
  let line = '';
  let data: string[] = [];
  let afterReturn = false;

  const endLine = (events: string[]): void => {
    const whole = line;
    line = '';
    if (whole === '') {
      if (data.length > 0) events.push(data.join('\n'));
      data = [];
      return;
    }
    const colon = whole.indexOf(':');
    const field = colon < 0 ? whole : whole.slice(0, colon);
    if (field !== 'data') return;
    const value = colon < 0 ? '' : whole.slice(colon + 1);
    data.push(value.startsWith(' ') ? value.slice(1) : value);
  };

  const read = (text: string): readonly string[] => {
    const events: string[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at];
      if (sign !== '\n' && sign !== '\r') {
        afterReturn = false;
        continue;
      }
      // The LF of a CR LF pair ends nothing: its CR has, perhaps in the chunk before.
      if (sign === '\n' && afterReturn) {
        afterReturn = false;
        from = at + 1;
        continue;
      }
      line += text.slice(from, at);
      from = at + 1;
      afterReturn = sign === '\r';
      endLine(events);
    }
    line += text.slice(from);
    return events;
  };

  return {
    push: (bytes) => read(decoder.decode(bytes, { stream: true })),
    end() {
      const events = [...read(decoder.decode())];
      if (line !== '') endLine(events);
      endLine(events);
      return events;
    },
  };
}
