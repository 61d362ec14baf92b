const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes in UTF-8, a mark at its beginning included; null where they are none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

const LONGEST_REASON = 200;

/** What an error says of itself, in one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return (text.split('\n')[0] ?? '').slice(0, LONGEST_REASON);
}

/** Texts of more code units, of which there are few, get memory of their own. */
const LARGE = 512 * 1024;

/**
 * Gives the UTF-8 bytes of one text after the other, all in the same memory: they are there until the next text is given. With memory for each, what
 * waits to be collected is several times as much as all that is in use.
 */
export function createTextBytes(): (text: string) => Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  let memory = new Uint8Array();
  return (text) => {
    if (text.length > LARGE) return encoder.encode(text);
    // A code unit takes three bytes at most.
    const most = 3 * text.length;
    if (memory.length < most) memory = new Uint8Array(Math.min(3 * LARGE, 2 * most));
    return memory.subarray(0, encoder.encodeInto(text, memory).written);
  };
}
