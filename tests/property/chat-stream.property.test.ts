/** However the network cuts a stream, the answer is the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnswerDelta, joinDeltas } from '#features/chat/answer.ts';
import { createEventReader } from '#features/chat/event-stream.ts';
import { type Access, createModelServer } from '#features/chat/model-server.ts';
import { cutBytes, streamedResponse } from '#support/byte-stream.ts';
import { runs } from '#support/property-runs.ts';

const access: Access = {
  endpoint: { base: 'http://localhost/v1', query: '', origin: 'http://localhost' },
  key: null,
  form: [],
  keepForm: async () => {},
};
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const cuts = fc.array(fc.nat(4000), { maxLength: 60 });
const noise = fc.constantFrom('', ': keep-alive', 'event: message', 'id: 1', 'retry');

const piece = fc.record({
  content: fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { nil: undefined }),
  reasoning_content: fc.option(fc.string({ unit: 'grapheme', maxLength: 8 }), { nil: undefined }),
});

test('the events are those of the text in one piece', () => {
  const event = fc.tuple(
    noise,
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ' ')),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), lineEnd, cuts, (events, end, places) => {
      const text = events.map(([other, data]) => `${other === '' ? '' : other + end}data: ${data}${end}${end}`).join('');
      const reader = createEventReader();
      const read = [...cutBytes(text, places).flatMap((chunk) => reader.push(chunk)), ...reader.end()];
      // An event without data is none.
      expect(read.map(({ data }) => data)).toEqual(events.map(([, data]) => data).filter((data) => data.trim() !== ''));
    }),
  );
});

test('text, thoughts and usage of an answer do not depend on the cuts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 15 }),
      lineEnd,
      cuts,
      fc.boolean(),
      async (pieces, end, places, space) => {
        const colon = space ? 'data: ' : 'data:';
        const chunks = [
          ...pieces.map((delta) => ({ choices: [{ delta }] })),
          { choices: [{ delta: {}, finish_reason: 'stop' }] },
          { choices: [], usage: { completion_tokens: 42 } },
        ].map((chunk) => JSON.stringify(chunk));
        const text = [...chunks, '[DONE]'].map((data) => `${colon}${data}${end}${end}`).join('');
        const server = createModelServer({
          fetch: async () => streamedResponse(cutBytes(text, places)),
          clock: { now: () => 0, setTimer: () => () => {} },
          isOnline: () => true,
          pageOrigin: 'http://localhost',
        });
        const deltas: AnswerDelta[] = [];
        const request = { model: 'm', systemPrompt: '', messages: [] };
        const ended = await server.ask(access, request, (delta) => deltas.push(delta), new AbortController().signal);
        expect(ended).toEqual({
          ok: true,
          value: { finish: 'stop', tokens: 42, model: '', durationMs: 0, streamMs: 0, unseen: 0 },
        });
        // JSON.stringify escapes lone surrogates, so every string comes back whole.
        expect(joinDeltas(deltas)).toEqual({
          text: pieces.map(({ content }) => content ?? '').join(''),
          reasoning: pieces.map(({ reasoning_content }) => reasoning_content ?? '').join(''),
          images: [],
        });
      },
    ),
    { numRuns: runs(200) },
  );
});

test('a stream that breaks off anywhere gives a beginning of the answer, and says that it was cut off', async () => {
  const text = ['{"choices":[{"delta":{"content":"Wa"}}]}', '{"choices":[{"delta":{"content":"ter 🌱"}}]}']
    .map((data) => `data: ${data}\n\n`)
    .join('');
  const size = new TextEncoder().encode(text).length;
  await fc.assert(
    fc.asyncProperty(fc.nat(size), cuts, async (length, places) => {
      const head = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, length)).replace(/\ufffd$/, '');
      const server = createModelServer({
        fetch: async () => streamedResponse(cutBytes(head, places)),
        clock: { now: () => 0, setTimer: () => () => {} },
        isOnline: () => true,
        pageOrigin: 'http://localhost',
      });
      const deltas: AnswerDelta[] = [];
      const request = { model: 'm', systemPrompt: '', messages: [] };
      const ended = await server.ask(access, request, (delta) => deltas.push(delta), new AbortController().signal);
      expect(ended).toEqual({ ok: false, error: { type: 'CutOff' } });
      expect('Water 🌱'.startsWith(joinDeltas(deltas).text)).toBe(true);
    }),
  );
});
