/**
 * Cuts YAML into its documents as its bytes come: a line that begins with `---` and a blank begins one, and is in nothing else
 * (YAML 1.2.2, 9.1.2: no text may have such a line at its margin).
 */
import type { Place } from '#core/backup-faults.ts';
import { joinBytes } from '#core/bytes.ts';
import { isBlank, NEWLINE } from './json-value.ts';

/** The text of a document, the line of dashes included. */
export interface YamlPiece {
  /** Null where it is longer than is ever read. */
  readonly bytes: Uint8Array | null;
  readonly offset: Place['offset'];
  readonly line: Place['line'];
}

export interface YamlSplitter {
  push(bytes: Uint8Array): readonly YamlPiece[];
  /** The last document. */
  end(): readonly YamlPiece[];
}

const DASH = 0x2d;
const MARKER = Uint8Array.of(DASH, DASH, DASH);

/** `limit`: the bytes that one document may have. */
export function createYamlSplitter(limit: number): YamlSplitter {
  let parts: Uint8Array[] = [];
  let length = 0;
  let start = { offset: 0, line: 1 };
  let offset = 0;
  let line = 1;
  /** Dashes at the margin so far; -1 behind anything else. */
  let dashes = 0;
  let out: YamlPiece[] = [];

  const keep = (part: Uint8Array): void => {
    length += part.length;
    if (length > limit) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const finish = (): void => {
    out.push({ bytes: length > limit ? null : joinBytes(parts), ...start });
    parts = [];
    length = 0;
  };

  return {
    push(bytes) {
      out = [];
      let from = 0;
      for (let at = 0; at < bytes.length; ) {
        const sign = bytes[at];
        if (dashes >= 0 && dashes < MARKER.length && sign === DASH) {
          if (dashes === 0) keep(bytes.subarray(from, at));
          dashes++;
          at++;
          from = at;
          continue;
        }
        if (dashes === MARKER.length && isBlank(sign)) {
          finish();
          start = { offset: offset + at - MARKER.length, line };
        }
        if (dashes > 0) keep(MARKER.subarray(0, dashes));
        const end = bytes.indexOf(NEWLINE, at);
        dashes = end < 0 ? -1 : 0;
        if (end >= 0) line++;
        at = end < 0 ? bytes.length : end + 1;
      }
      keep(bytes.slice(from));
      offset += bytes.length;
      return out;
    },
    end() {
      out = [];
      if (dashes === MARKER.length) {
        finish();
        start = { offset: offset - MARKER.length, line };
      }
      if (dashes > 0) keep(MARKER.subarray(0, dashes));
      finish();
      return out;
    },
  };
}
