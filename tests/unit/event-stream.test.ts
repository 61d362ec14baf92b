import { describe, expect, test } from 'vitest';
import { createEventReader, type StreamEvent } from '#features/chat/event-stream.ts';
import { cutBytes } from '#support/byte-stream.ts';

const dataOf = (events: readonly StreamEvent[]): readonly string[] => events.map(({ data }) => data);

function readAll(text: string, cuts: readonly number[] = []): readonly StreamEvent[] {
  const reader = createEventReader();
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
    ['an event whose data is empty is none', 'data: one\n\ndata:\n\ndata\n\ndata: two\n\n', ['one', 'two']],
    ['an error as a line of JSON without a field', 'data: one\n\n{"error":"gone"}\n', ['one', '{"error":"gone"}']],
    ['nothing', '', []],
    ['blank lines only', '\n\n\r\n', []],
  ])('%s', (_, text, expected) => {
    expect(dataOf(readAll(text))).toEqual(expected);
  });

  test('a CR LF cut between its two bytes ends one line, not two', () => {
    const text = 'data: one\r\ndata: two\r\n\r\n';
    expect(dataOf(readAll(text, [text.indexOf('\n')]))).toEqual(['one\ntwo']);
  });

  test('an event is there as soon as its blank line is, not at the next chunk', () => {
    const reader = createEventReader();
    expect(reader.push(new TextEncoder().encode('data: one\n'))).toEqual([]);
    expect(dataOf(reader.push(new TextEncoder().encode('\n')))).toEqual(['one']);
  });

  test('lines without a field are read wherever they are cut', () => {
    const text = 'data: one\n\nerror: {"message":"gone"}\n\n{"error":"gone"}\n';
    const whole = readAll(text);
    expect(whole.map(({ name }) => name)).toEqual(['', 'error', '']);
    for (let at = 1; at < text.length; at++) expect(readAll(text, [at])).toEqual(whole);
  });

  test('the name of an event is kept', () => {
    expect(readAll('event: error\ndata: gone\n\n')).toEqual([{ name: 'error', data: 'gone' }]);
  });
});
