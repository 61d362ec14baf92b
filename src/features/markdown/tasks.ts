/** Task lists that are ticked where they are read. */
import { lexMarkdown, walkTokens } from './markdown-syntax.ts';

/** The letter between a box's brackets: what it becomes, and where. */
export interface TaskChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** What may be a box: brackets behind the mark of a list item. */
const BOX = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+\[([ xX])\](?=\s|$)/gm;
/** Boxes in code look the same; more than so many before the right one are not looked through. */
const MOST_TRIES = 50;

function readTasks(text: string): readonly boolean[] {
  const tasks: boolean[] = [];
  walkTokens(lexMarkdown(text), (token) => {
    if (token.type === 'list_item' && token.task) tasks.push(token.checked === true);
  });
  return tasks;
}

/**
 * The change that ticks or opens the `nth` box of the `total` that are shown; null where the text does not have it. A box
 * is the right one if the text then reads with this task changed and no other.
 */
export function toggleTask(text: string, nth: number, total: number): TaskChange | null {
  const before = readTasks(text);
  if (before.length !== total || before[nth] === undefined) return null;
  const after = before.with(nth, !before[nth]).join();
  const boxes = [...text.matchAll(BOX)];
  for (const box of boxes.slice(nth, nth + MOST_TRIES)) {
    const from = box.index + box[0].length - 2;
    const insert = box[1] === ' ' ? 'x' : ' ';
    if (readTasks(text.slice(0, from) + insert + text.slice(from + 1)).join() === after) return { from, to: from + 1, insert };
  }
  return null;
}
