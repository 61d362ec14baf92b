import { describe, expect, test } from 'vitest';
import { createSseReader } from '#features/chat/sse.ts';
import { cutBytes } from '#support/byte-stream.ts';

function readAll(text: string, cuts: readonly number[] = []): readonly string[] {
  const reader = createSseReader();
  return [...cutBytes(text, cuts).flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

describe('the data of events', () => {
  test.each([
    ['one event', 'data: {"a":1}\n\n', ['{"a":1}']],
    ['no space after the colon', 'data:one\n\ndata:two\n\n', ['one', 'two']],
    ['only one space is taken away', 'data:  two spaces\n\n', [' two spaces']],
    ['several lines of one event', 'data: one\ndata: two\n\n', ['one\ntwo']],
    ['carriage return and line feed', 'data: one\r\n\r\ndata: two\r\n\r\n', ['one', 'two']],
    ['carriage returns alone', 'data: one\r\rdata: two\r\r', ['one', 'two']],
    ['comments and other fields', ': keep-alive\n\nevent: x\nid: 7\nretry: 10\ndata: one\n\n', ['one']],
    ['a field without a colon', 'data\ndata: one\n\n', ['\none']],
    ['an end without a blank line', 'data: one\n\ndata: two', ['one', 'two']],
    ['a byte order mark', '\ufeffdata: one\n\n', ['one']],
    ['letters of four bytes', 'data: 🌱é漢\n\n', ['🌱é漢']],
    ['nothing', '', []],
    ['blank lines only', '\n\n\r\n', []],
  ])('%s', (_, text, expected) => {
    expect(readAll(text)).toEqual(expected);
  });

  test('a CR LF cut between its two bytes ends one line, not two', () => {
    const text = 'data: one\r\ndata: two\r\n\r\n';
    expect(readAll(text, [text.indexOf('\n')])).toEqual(['one\ntwo']);
  });

  test('an event is there as soon as its blank line is, not at the next chunk', () => {
    const reader = createSseReader();
    expect(reader.push(new TextEncoder().encode('data: one\n'))).toEqual([]);
    expect(reader.push(new TextEncoder().encode('\n'))).toEqual(['one']);
  });
});
