/** What an OpenAI-compatible server says, in parts or at once, as plain values. Everything in it is untrusted. */
import { listOf, recordOf, textOf } from '#core/json-shape.ts';
import { picturesBeside, picturesOfData, picturesOfPart } from './answer-pictures.ts';
import { type EndReason, readEndReason } from './end-reason.ts';

/** What a piece of the stream adds to the answer. */
export interface AnswerDelta {
  readonly text: string;
  /** The model's thought process. */
  readonly reasoning: string;
  /** Pictures as addresses, nearly always `data:` URLs. They come after the text of the piece. */
  readonly images: readonly string[];
  /** The text around its one picture makes it a picture already: it takes an address in this place. */
  readonly inText?: boolean;
  /** The text before this piece was a thought: it goes to `reasoning` before the piece is added. */
  readonly recast?: boolean;
}

/** The facts of a piece, beside what it adds. */
export interface AnswerFacts {
  /** Null until the last piece. */
  readonly finish: EndReason | null;
  /** Tokens of the answer, where the server counts them. */
  readonly tokens: number | null;
  /** The model that answers, as the server calls it; empty where it does not say. */
  readonly model: string;
}

export interface AnswerPiece extends AnswerDelta, AnswerFacts {
  /** The server has nothing more to say: some end with this instead of a reason. */
  readonly isSummary: boolean;
  /** Its text is the model's refusal. */
  readonly isRefusal: boolean;
  /** An error that is in the choice, beside a part of the answer. */
  readonly error: unknown;
}

/** Where a server says what the model thought. Gateways repeat the same in several: the first that has something counts. */
const THOUGHT_MEMBERS = [
  'reasoning_content',
  'reasoning',
  'reasoning_text',
  'thinking',
  'thinking_blocks',
  'reasoning_details',
  'thoughts',
] as const;

/** Reads one event of an answer, or a whole one that was not streamed; null where `json` is none. */
export function readPiece(json: unknown): AnswerPiece | null {
  const body = recordOf(json);
  if (!body) return null;
  const made = body['choices'] === undefined ? picturesOfData(body) : [];
  if (body['choices'] === undefined && body['usage'] === undefined && made.length === 0) return null;
  const choice = recordOf(listOf(body['choices'])[0]);
  const part = recordOf(choice?.['delta']) ?? recordOf(choice?.['message']) ?? {};
  const content = readContent(part['content'] ?? choice?.['text']);
  const refusal = textOf(part['refusal']) + content.refusal;
  const tokens = readTokens(body);
  return {
    text: content.text + refusal,
    reasoning: readThoughts(part) || content.reasoning,
    images: [...new Set([...content.images, ...picturesBeside(part), ...made])],
    finish: readEndReason(choice?.['finish_reason'] ?? choice?.['stop_reason']),
    tokens,
    model: textOf(body['model']),
    isSummary: choice === undefined && (tokens !== null || made.length > 0),
    isRefusal: refusal !== '',
    error: choice?.['error'] ?? null,
  };
}

/** What `whole` is with `delta` behind it. */
export function addDelta(whole: AnswerDelta, delta: AnswerDelta): AnswerDelta {
  const { text, reasoning } = delta.recast ? asThought(whole) : whole;
  return {
    text: text + delta.text,
    reasoning: reasoning + delta.reasoning,
    images: [...whole.images, ...delta.images],
    ...(delta.inText && { inText: true }),
    ...((whole.recast || delta.recast) && { recast: true }),
  };
}

export const EMPTY_DELTA: AnswerDelta = { text: '', reasoning: '', images: [] };

/** Several pieces as one. Only the first of them may be a recast. */
export const joinDeltas = (deltas: readonly AnswerDelta[]): AnswerDelta => deltas.reduce(addDelta, EMPTY_DELTA);

export const isEmptyDelta = ({ text, reasoning, images, recast }: AnswerDelta): boolean =>
  text === '' && reasoning === '' && images.length === 0 && !recast;

const asThought = ({ text, reasoning }: AnswerDelta): Pick<AnswerDelta, 'text' | 'reasoning'> => ({
  text: '',
  reasoning: [reasoning, text.trim()].filter((thought) => thought !== '').join('\n\n'),
});

function readTokens(body: { readonly [key: string]: unknown }): number | null {
  const usage = recordOf(body['usage']) ?? recordOf(recordOf(body['x_groq'])?.['usage']);
  const counts = [usage?.['completion_tokens'], usage?.['output_tokens'], recordOf(body['timings'])?.['predicted_n']];
  return (counts.find((count) => typeof count === 'number' && Number.isFinite(count)) as number | undefined) ?? null;
}

const readThoughts = (part: { readonly [key: string]: unknown }): string =>
  THOUGHT_MEMBERS.map((member) => thoughtText(part[member])).find((text) => text !== '') ?? '';

/** A text, a list of texts, or records that hold one. */
function thoughtText(value: unknown): string {
  if (Array.isArray(value)) return value.map(thoughtText).join('');
  const record = recordOf(value);
  if (!record) return textOf(value);
  return (
    ['text', 'thinking', 'summary', 'content', 'reasoning']
      .map((member) => thoughtText(record[member]))
      .find((text) => text !== '') ?? ''
  );
}

interface Content {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly images: readonly string[];
}

/** Content is a text, or parts of text, thoughts, refusals and images. */
function readContent(content: unknown): Content {
  const parts = typeof content === 'string' ? [content] : Array.isArray(content) ? content : [content];
  const read = parts.map((part) => {
    const record = recordOf(part) ?? {};
    const isThought = /^(thinking|thought|reasoning)/.test(textOf(record['type'])) || record['thought'] === true;
    return {
      text: isThought ? '' : textOf(part) || textOf(record['text']),
      reasoning: isThought ? thoughtText(record) : '',
      refusal: textOf(record['refusal']),
    };
  });
  return {
    text: read.map(({ text }) => text).join(''),
    reasoning: read.map(({ reasoning }) => reasoning).join(''),
    refusal: read.map(({ refusal }) => refusal).join(''),
    images: parts.flatMap(picturesOfPart),
  };
}
