/** Reads the body of an answer, streamed or whole: what is in it decides, not how its header calls it. */
import { recordOf } from '#core/json-shape.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type AnswerDelta, type AnswerFacts, EMPTY_DELTA, isEmptyDelta, joinDeltas, readPiece } from './answer.ts';
import { createEventReader, type EventReader, type StreamEvent } from './event-stream.ts';
import { createPictureSplitter, type TextPart } from './picture-text.ts';
import { errorWords, parseJson } from './server-words.ts';
import { createThoughtSplitter } from './thought-tags.ts';

export interface AnswerBody {
  /** The chunks as they come; its failure is a connection that broke. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** In order; several events of one chunk become one delta. */
  readonly onDelta: (delta: AnswerDelta) => void;
}

/** How a body ended that is no whole answer. */
export type AnswerFault =
  /** An error of the server in place of the answer, or in its middle. `body`: what it came as. `status`: where the body has one. */
  | { readonly type: 'error'; readonly body: string; readonly status: number | null; readonly isMiddle: boolean }
  | { readonly type: 'cut' }
  /** Something else than an answer. */
  | { readonly type: 'foreign'; readonly body: string };

/** The data of the event that ends a stream. */
const DONE = /^"?\[done\]"?$/i;
/** How a stream of events begins: with a field or a comment. */
const EVENT_START = /^(data|event|id|retry|error)?:/;
/** Events of plain text that keep a connection open, and such that report an error. */
const KEEP_ALIVE = /^\W*(ping|keep-?alive|heartbeat|connected|ok|processing)\b/i;
const ERROR_TEXT = /error|fail|timeout|timed out|exceeded|unavailable/i;
/** So many characters tell a stream of events from anything else. */
const HEAD = 6;

/** Resolves after the last piece; the pieces before a fault stay. */
export async function readAnswer({ chunks, onDelta }: AnswerBody): Promise<Result<AnswerFacts, AnswerFault>> {
  const pieces = createPieces(onDelta);
  const decoder = new TextDecoder();
  const head: Uint8Array[] = [];
  let text = '';
  let reader: EventReader | null = null;
  for await (const chunk of chunks) {
    if (reader) pieces.take(reader.push(chunk), false);
    else {
      head.push(chunk);
      text += decoder.decode(chunk, { stream: true });
      if (text.trimStart().length >= HEAD && EVENT_START.test(text.trimStart())) {
        reader = createEventReader();
        for (const bytes of head.splice(0)) pieces.take(reader.push(bytes), false);
      }
    }
    if (pieces.ended) return pieces.end();
  }
  text += decoder.decode();
  if (reader) pieces.take(reader.end(), true);
  else if (EVENT_START.test(text.trimStart())) takeAll(text, pieces);
  else {
    const json = parseJson(text);
    const isAnswer = readPiece(first(json)) !== null || errorWords(json) !== null;
    // Not one object: lines of them, or something else.
    if (json === undefined && /^\s*\{/.test(text)) takeAll(text, pieces);
    else if (!isAnswer) return err(isFieldStart(text) ? { type: 'cut' } : { type: 'foreign', body: text });
    else pieces.take([{ name: '', data: text }], true);
    if (!pieces.hasBegun && !pieces.ended) return err(isFieldStart(text) ? { type: 'cut' } : { type: 'foreign', body: text });
    return pieces.end(true);
  }
  return pieces.end();
}

/** Some gateways put what they say into a list. */
const first = (json: unknown): unknown => (Array.isArray(json) ? json[0] : json);

/** Nothing, or what may become the first field of a stream. */
const isFieldStart = (text: string): boolean =>
  ['data:', 'event:', 'id:', 'retry:'].some((field) => field.startsWith(text.trim()));

function takeAll(text: string, pieces: Pieces): void {
  const reader = createEventReader();
  pieces.take(reader.push(new TextEncoder().encode(text)), false);
  pieces.take(reader.end(), true);
}

interface Pieces {
  take(events: readonly StreamEvent[], isLast: boolean): void;
  /** Nothing more is read. */
  readonly ended: boolean;
  /** Whether any piece of an answer has come. */
  readonly hasBegun: boolean;
  /** `isWhole`: the body had a beginning and an end, whatever the answer says of its own. */
  end(isWhole?: boolean): Result<AnswerFacts, AnswerFault>;
}

function createPieces(onDelta: (delta: AnswerDelta) => void): Pieces {
  const splitter = createThoughtSplitter();
  const pictures = createPictureSplitter();
  let facts: AnswerFacts = { finish: null, tokens: null, model: '' };
  let fault: AnswerFault | null = null;
  let isDone = false;
  let isSummarised = false;
  let isRefused = false;
  let hasBegun = false;

  /** A recast concerns what was handed out before it, and what comes after a picture comes behind it. */
  const hand = (deltas: readonly AnswerDelta[]): void => {
    let group: AnswerDelta[] = [];
    const handGroup = (): void => {
      const delta = joinDeltas(group);
      if (!isEmptyDelta(delta)) onDelta(delta);
      group = [];
    };
    for (const delta of deltas) {
      if (delta.recast || delta.inText) handGroup();
      group.push(delta);
      if (delta.images.length > 0) handGroup();
    }
    handGroup();
  };
  const split = (text: string, hasThoughts: boolean): readonly AnswerDelta[] =>
    splitter.push(text, hasThoughts).flatMap(takePictures);
  const takePictures = (part: Partial<AnswerDelta>): readonly AnswerDelta[] => {
    const { text = '', ...rest } = part;
    if (text === '') return [{ ...EMPTY_DELTA, ...part }];
    return [{ ...EMPTY_DELTA, ...rest }, ...pictures.push(text).map(asDelta)];
  };

  const read = ({ name, data }: StreamEvent, isLast: boolean): readonly AnswerDelta[] => {
    if (DONE.test(data.trim())) {
      isDone = true;
      return [];
    }
    const json = parseJson(data);
    if (json === undefined) {
      // The last event of a stream that broke off in its middle is no error of the server's.
      if (isLast && /^\s*[{[]/.test(data)) fault = { type: 'cut' };
      else if (name === 'error' || ERROR_TEXT.test(data) || !(hasBegun || KEEP_ALIVE.test(data)))
        fault = { type: 'error', body: data, status: null, isMiddle: hasBegun };
      return [];
    }
    const piece = readPiece(first(json));
    const words = name === 'error' && !piece ? data : errorWords(json) === null ? null : data;
    if (words !== null) {
      fault = { type: 'error', body: words, status: statusOf(json), isMiddle: hasBegun };
      return [];
    }
    if (!piece) return [];
    hasBegun = true;
    isRefused ||= piece.isRefusal;
    isSummarised ||= piece.isSummary;
    facts = { finish: piece.finish ?? facts.finish, tokens: piece.tokens ?? facts.tokens, model: piece.model || facts.model };
    if (piece.error !== null) fault = { type: 'error', body: JSON.stringify(piece.error), status: null, isMiddle: true };
    const { text, reasoning, images } = piece;
    return [{ ...EMPTY_DELTA, reasoning }, ...split(text, reasoning !== ''), { ...EMPTY_DELTA, images }];
  };

  return {
    take(events, isLast) {
      const deltas: AnswerDelta[] = [];
      for (const event of events) {
        if (isDone || fault) break;
        deltas.push(...read(event, isLast));
      }
      hand(deltas);
    },
    get ended() {
      return isDone || fault !== null;
    },
    get hasBegun() {
      return hasBegun;
    },
    end(isWhole = false) {
      hand([...splitter.end().flatMap(takePictures), ...pictures.end().map(asDelta)]);
      if (fault) return err(fault);
      if (facts.finish === 'failed') return err({ type: 'error', body: '', status: null, isMiddle: true });
      if (!(isDone || isWhole || isSummarised || facts.finish !== null)) return err({ type: 'cut' });
      return ok(isRefused ? { ...facts, finish: 'refusal' } : facts);
    },
  };
}

const asDelta = (part: TextPart): AnswerDelta =>
  'text' in part ? { ...EMPTY_DELTA, text: part.text } : { ...EMPTY_DELTA, images: [part.picture], inText: part.inText };

/** Gateways answer with 200 and put the status into the error. */
function statusOf(json: unknown): number | null {
  const body = recordOf(first(json));
  const codes = [recordOf(body?.['error'])?.['code'], body?.['code'], body?.['status'], body?.['status_code']].map(Number);
  return codes.find((code) => Number.isInteger(code) && code >= 400 && code < 600) ?? null;
}
