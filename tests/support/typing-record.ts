/** What was typed into a note, when, and what was shown as saved: the judge of what is found after a kill. */
import { applyEdit, type Keystroke } from './typing-session.ts';

/**
 * Of typing that was never shown as saved, this much may be missing after a kill; and the time that the page took for a key, because a
 * busy machine hands over and commits that much later.
 */
export const MAX_MISSING_MS = 300;

export interface Verdict {
  /** Strokes that the found text holds, counted from the begin of the session. */
  readonly kept: number;
  /** How long before the kill the first missing stroke had been typed; 0 where none is missing. */
  readonly missingMs: number;
  /** What must not be, in words. */
  readonly losses: readonly string[];
}

export interface TypingRecord {
  /** The number of strokes from which the typing goes on. */
  readonly position: number;
  /** A stroke is on its way to the page. */
  onPress(): void;
  /** The page has handled it, at that time, and took so long for its key. */
  onTyped(atMs: number, tookMs?: number): void;
  /** The status bar said "Saved" while the editor held this text. */
  onShownAsSaved(text: string): void;
  /** Judges the text that was found after the browser had been killed at that time. The record goes on from there. */
  judge(found: string, killedAtMs: number): Verdict;
}

/** Strokes are typed one after another, and each leaves a text: after a kill exactly one of these must be found. */
export function createTypingRecord(strokes: readonly Keystroke[]): TypingRecord {
  let position = 0;
  let begin = { count: 0, text: '' };
  let typedAt: number[] = [];
  let slowestMs = 0;
  let shownAsSaved: string[] = [];

  /** The texts from `begin` to the last stroke that may have arrived. */
  const listTexts = (): readonly string[] => {
    const texts = [begin.text];
    for (const { edit } of strokes.slice(begin.count, position)) texts.push(applyEdit(texts.at(-1) as string, edit));
    return texts;
  };

  return {
    get position() {
      return position;
    },
    onPress() {
      position += 1;
    },
    onTyped(atMs, tookMs = 0) {
      typedAt.push(atMs);
      slowestMs = Math.max(slowestMs, tookMs);
    },
    onShownAsSaved(text) {
      shownAsSaved.push(text);
    },
    judge(found, killedAtMs) {
      const texts = listTexts();
      // A stroke that is undone by the next leads to a text for the second time: the later one is meant, or, where
      // something must be there, the earlier.
      const kept = texts.lastIndexOf(found);
      const losses: string[] = [];
      if (kept < 0) losses.push(`the text was never typed: ${describeDifference(texts.at(-1) as string, found)}`);
      for (const saved of shownAsSaved) {
        const at = texts.indexOf(saved);
        if (at < 0) losses.push(`what was shown as saved was never typed: ${describeDifference(texts.at(-1) as string, saved)}`);
        else if (kept >= 0 && at > kept) losses.push(`${at - kept} strokes that were shown as saved are missing`);
      }
      const missingSince = typedAt[Math.max(0, kept)];
      const missingMs = missingSince === undefined ? 0 : killedAtMs - missingSince;
      if (missingMs > MAX_MISSING_MS + slowestMs) losses.push(`the last ${Math.round(missingMs)} ms of typing are missing`);
      begin = { count: begin.count + Math.max(0, kept), text: found };
      position = begin.count;
      typedAt = [];
      slowestMs = 0;
      shownAsSaved = [];
      return { kept: position, missingMs, losses };
    },
  };
}

function describeDifference(expected: string, found: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at += 1;
  const near = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 20));
  return `at ${at} of ${found.length}, ${near(found)} instead of ${near(expected)}`;
}
