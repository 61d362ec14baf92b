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

/** Memory for texts of more code units, of which there are few, is not kept. */
const LARGE = 512 * 1024;

/** Texts one behind the other, as UTF-8 bytes in memory that is used again. */
export interface TextBuffer {
  add(text: string): void;
  /** Of all that was added: there until `add` or `clear` is called. */
  bytes(): Uint8Array<ArrayBuffer>;
  clear(): void;
}

/** With memory for each text, what waits to be collected is several times as much as all that is in use. */
export function createTextBuffer(): TextBuffer {
  const encoder = new TextEncoder();
  let memory = new Uint8Array();
  let used = 0;
  return {
    add(text) {
      // A code unit takes three bytes at most.
      const most = used + 3 * text.length;
      if (memory.length < most) {
        const larger = new Uint8Array(2 * most);
        larger.set(memory.subarray(0, used));
        memory = larger;
      }
      used += encoder.encodeInto(text, memory.subarray(used)).written;
    },
    bytes: () => memory.subarray(0, used),
    clear() {
      used = 0;
      if (memory.length > 6 * LARGE) memory = new Uint8Array();
    },
  };
}
