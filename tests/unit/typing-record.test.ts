/** The judge of the kill matrix: what it calls a loss, and what it lets pass. */
import { describe, expect, test } from 'vitest';
import { createTypingRecord, MAX_MISSING_MS, type TypingRecord } from '#support/typing-record.ts';
import type { Keystroke } from '#support/typing-session.ts';

const word = 'holdfast';
const strokes = [...word].map((key, at): Keystroke => ({ caret: at, key, edit: { at, removed: 0, insert: key } }));
const KILLED_AT = 10_000;

/** Types that many letters, the last one `agoMs` before the kill and each 100 ms after the one before. */
function typeLetters(record: TypingRecord, letters: number, agoMs: number): void {
  for (let left = letters - 1; left >= 0; left--) {
    record.onPress();
    record.onTyped(KILLED_AT - agoMs - left * 100);
  }
}

describe('the judge of the kill matrix', () => {
  test('finds nothing wrong where everything is there', () => {
    const record = createTypingRecord(strokes);
    typeLetters(record, 8, 1000);
    record.onShownAsSaved(word);
    expect(record.judge(word, KILLED_AT)).toEqual({ kept: 8, missingMs: 0, losses: [] });
  });

  test('lets the last letters go where they were young and never shown as saved', () => {
    const record = createTypingRecord(strokes);
    typeLetters(record, 6, 50);
    record.onShownAsSaved('hold');
    expect(record.judge('hold', KILLED_AT)).toEqual({ kept: 4, missingMs: 150, losses: [] });
    expect(record.position).toBe(4);
  });

  test('calls a letter a loss that was shown as saved, however young', () => {
    const record = createTypingRecord(strokes);
    typeLetters(record, 5, 0);
    record.onShownAsSaved('holdf');
    expect(record.judge('hold', KILLED_AT).losses).toEqual(['1 strokes that were shown as saved are missing']);
  });

  test('calls a letter a loss that is older than may be missing', () => {
    const record = createTypingRecord(strokes);
    typeLetters(record, 5, MAX_MISSING_MS + 1);
    expect(record.judge('hold', KILLED_AT).losses).toEqual(['the last 301 ms of typing are missing']);
  });

  test('lets as much more be missing as the page took for a key, in this act alone', () => {
    const record = createTypingRecord(strokes);
    const typeLate = (agoMs: number, tookMs: number): void => {
      record.onPress();
      record.onTyped(KILLED_AT - agoMs, tookMs);
    };
    typeLate(MAX_MISSING_MS + 40, 40);
    expect(record.judge('', KILLED_AT).losses).toEqual([]);
    typeLate(MAX_MISSING_MS + 40, 39);
    expect(record.judge('', KILLED_AT).losses).toEqual(['the last 340 ms of typing are missing']);
  });

  test('calls a text a loss that nobody typed', () => {
    const record = createTypingRecord(strokes);
    typeLetters(record, 4, 0);
    expect(record.judge('hodl', KILLED_AT).losses).toEqual([expect.stringContaining('the text was never typed')]);
  });

  test('takes a key on its way for typed or not, as it is found, and goes on from there', () => {
    for (const found of ['hol', 'hold']) {
      const record = createTypingRecord(strokes);
      typeLetters(record, 3, 5000);
      record.onPress();
      expect(record.judge(found, KILLED_AT)).toEqual({ kept: found.length, missingMs: 0, losses: [] });
      record.onPress();
      record.onTyped(KILLED_AT);
      expect(record.judge(word.slice(0, found.length + 1), KILLED_AT + 400).losses).toEqual([]);
    }
  });
});
