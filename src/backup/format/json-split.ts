/**
 * Cuts the text of a JSON backup into its members and records as its bytes come, in whatever way a person's editor has laid it out. Only what is
 * around them is looked at here: braces, brackets, quotes and commas are single bytes in UTF-8, and part of no other character.
 */
import type { Place, TextFault } from '#core/backup-faults.ts';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isBlank,
  NEWLINE,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  scanValue,
  type ValueScan,
} from './json-value.ts';

/** A value of the file: of a member at its top, at the place of its name, or a record (`name` is then null). */
export interface JsonPiece {
  readonly name: string | null;
  readonly bytes: Uint8Array;
  readonly place: Place;
  /** How many members the objects in it have, each time that one is written. */
  readonly members: number;
}

export interface JsonSplitter {
  /** The pieces that end in `bytes`. There is none behind a fault of syntax. */
  push(bytes: Uint8Array): readonly (JsonPiece | TextFault)[];
  end(): readonly TextFault[];
}

/** What the next byte that is no blank belongs to. */
type State =
  | 'start'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'value'
  | 'after-value'
  | 'item-or-end'
  | 'item'
  | 'after-item'
  | 'done'
  | 'failed';

const BOM = [0xef, 0xbb, 0xbf];
const RECORDS = 'records';

/** `limit`: the bytes that one value may have. `top`: whether the file is an object with records in it, or a list of them. */
export function createJsonSplitter(limit: number, top: 'object' | 'list' = 'object'): JsonSplitter {
  let state: State = 'start';
  let offset = 0;
  let line = 1;
  let records = 0;
  let hasRecords = false;
  let bom = 0;
  let name = '';
  let namePlace: Place = { offset: 0, line: 1, record: null };
  let open: { readonly scan: ValueScan; readonly place: Place } | null = null;
  let out: (JsonPiece | TextFault)[] = [];

  const placeAt = (at: number): Place => ({ offset: offset + at, line, record: state.includes('item') ? records : null });
  const fail = (fault: TextFault): void => {
    out.push(fault);
    state = 'failed';
  };

  /** Takes in what a sign leads to; true where it begins a value. */
  const step = (sign: number, at: number): boolean => {
    const goOn = (next: State): false => {
      state = next;
      return false;
    };
    // A value without an end would be all that follows: what none begins with is refused at once.
    const isValue = sign !== COMMA && sign !== COLON && sign !== CLOSE_LIST && sign !== CLOSE_OBJECT;
    if (state === 'start' && sign === OPEN_OBJECT && top === 'object') return goOn('key-or-end');
    if (state === 'start' && sign === OPEN_LIST && top === 'list') return goOn('item-or-end');
    if (state === 'key-or-end' && sign === CLOSE_OBJECT) return goOn('done');
    if (state === 'key-or-end' || state === 'key') if (sign === QUOTE) return true;
    if (state === 'colon' && sign === COLON) return goOn('value');
    if (state === 'value' && name === RECORDS && sign === OPEN_LIST) {
      if (hasRecords) fail({ type: 'DuplicateKey', key: RECORDS, place: namePlace });
      else goOn('item-or-end');
      hasRecords = true;
      return false;
    }
    if (state === 'value' && isValue) return true;
    if ((state === 'item-or-end' || state === 'after-item') && sign === CLOSE_LIST)
      return goOn(top === 'list' ? 'done' : 'after-value');
    if ((state === 'item-or-end' || state === 'item') && isValue) return true;
    if (state === 'after-value' && sign === COMMA) return goOn('key');
    if (state === 'after-value' && sign === CLOSE_OBJECT) return goOn('done');
    if (state === 'after-item' && sign === COMMA) return goOn('item');
    if (state === 'done') fail({ type: 'TrailingBytes', place: placeAt(at) });
    else fail({ type: 'BadSyntax', reason: `expected ${EXPECTED[state] ?? 'nothing'}`, ends: true, place: placeAt(at) });
    return false;
  };

  const finish = ({ scan, place }: NonNullable<typeof open>): void => {
    const bytes = scan.bytes();
    const { excess, members, lines } = scan.found;
    line += lines;
    const isName = state === 'key' || state === 'key-or-end';
    if (isName) {
      name = readName(bytes);
      namePlace = place;
      state = 'colon';
      return;
    }
    const isItem = state !== 'value';
    state = isItem ? 'after-item' : 'after-value';
    const at = isItem ? place : namePlace;
    if (bytes) out.push({ name: isItem ? null : name, bytes, place: at, members });
    else out.push({ type: excess ?? 'RecordTooLarge', place: at });
  };

  const read = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length && state !== 'failed'; ) {
      if (open) {
        const end = open.scan.follow(bytes, at);
        if (end < 0) return;
        const ended = open;
        open = null;
        finish(ended);
        at = end;
        continue;
      }
      const sign = bytes[at] ?? 0;
      if (bom < BOM.length && offset + at === bom && sign === BOM[bom]) bom++;
      else if (sign === NEWLINE) line++;
      else if (!isBlank(sign) && step(sign, at)) {
        if (state.startsWith('item')) {
          records++;
          state = 'item';
        }
        open = { scan: scanValue(sign, limit), place: placeAt(at) };
        // What a value begins with is a part of it.
        continue;
      }
      at++;
    }
  };

  return {
    push(bytes) {
      out = [];
      if (state !== 'failed') read(bytes);
      offset += bytes.length;
      return out;
    },
    end() {
      if (state === 'done' || state === 'failed') return [];
      return [{ type: 'Truncated', place: open ? open.place : placeAt(0) }];
    },
  };
}

const EXPECTED: { readonly [S in State]?: string } = {
  start: 'a list or an object',
  'key-or-end': 'a name in quotes',
  key: 'a name in quotes',
  colon: ':',
  value: 'a value',
  'item-or-end': 'a record or ]',
  item: 'a record',
  'after-value': ', or }',
  'after-item': ', or ]',
};

/** The name of a member; '' where it is no JSON: no member that is looked for is called that. */
function readName(bytes: Uint8Array | null): string {
  try {
    return bytes ? String(JSON.parse(new TextDecoder().decode(bytes))) : '';
  } catch {
    return '';
  }
}
