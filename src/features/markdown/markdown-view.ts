import { anchorOfClick } from './anchors.ts';
import { decorateBlock } from './decorate.ts';
import { type MarkdownBlock, parseMarkdown } from './render-markdown.ts';
import { TITLE_LINK } from './title-links.ts';

/** Work is done in slices of this length, so that a key pressed meanwhile waits no longer. */
const SLICE_MS = 10;
/** After a parse that took 20 ms the next one waits 60 ms: three quarters of the time stay free for typing. */
const REST_FACTOR = 3;

/** Called with which box of all that are shown was clicked. */
export type OnTask = (nth: number, total: number) => void;

/** Hears of links to notes that have been drawn: they lead nowhere until they get an address (`TITLE_LINK` names the title). */
export type OnTitleLinks = (links: readonly HTMLAnchorElement[]) => void;

export interface MarkdownView {
  /** Shows a text, now or, while texts follow each other quickly, as soon as there is time for it. */
  show(text: string): void;
  stop(): void;
}

interface Shown {
  readonly key: string;
  readonly element: HTMLElement;
}

/**
 * Keeps an element filled with rendered Markdown. Blocks that did not change stay in the document as they are, so an edit
 * in a long text costs one block; what a new text brings in is drawn in slices from the top. Links inside the text scroll
 * to where they lead. Boxes of tasks can be clicked where `onTask` is given.
 */
export function createMarkdownView(place: HTMLElement, onTask?: OnTask, onTitleLinks?: OnTitleLinks): MarkdownView {
  let shown: Shown[] = [];
  let latest: string | undefined;
  let parsed: string | undefined;
  let isDrawn = true;
  let restUntilMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const schedule = (ms: number, step: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(step, ms);
  };

  const parse = (): void => {
    timer = undefined;
    if (latest === undefined || (latest === parsed && isDrawn)) return;
    parsed = latest;
    isDrawn = false;
    const startMs = performance.now();
    const blocks = parseMarkdown(latest);
    const { from, removed, added } = difference(shown, blocks);
    for (const { element } of shown.splice(from, removed)) element.remove();
    const endMs = performance.now();
    restUntilMs = endMs + REST_FACTOR * (endMs - startMs);
    draw(added, from);
  };

  /** Draws blocks into the list at `at`. Another text may come between two slices: what is drawn by then is kept. */
  const draw = (blocks: readonly MarkdownBlock[], at: number): void => {
    const untilMs = performance.now() + SLICE_MS;
    for (const [nth, block] of blocks.entries()) {
      if (nth > 0 && performance.now() > untilMs) {
        schedule(0, () => draw(blocks.slice(nth), at + nth));
        return;
      }
      const element = document.createElement('div');
      element.append(block.render());
      decorateBlock(element);
      if (onTask) for (const box of boxesIn(element)) box.disabled = false;
      const links = element.querySelectorAll<HTMLAnchorElement>(`a[${TITLE_LINK}]:not([href])`);
      if (links.length > 0) onTitleLinks?.([...links]);
      place.insertBefore(element, shown[at + nth]?.element ?? null);
      shown = shown.toSpliced(at + nth, 0, { key: block.key, element });
    }
    isDrawn = true;
    if (latest !== parsed) plan();
  };

  const plan = (): void => schedule(Math.max(0, restUntilMs - performance.now()), parse);

  // The place goes with the view: its listener needs no end.
  place.addEventListener('click', (event) => {
    const anchor = anchorOfClick(place, event);
    const [target] = event.composedPath();
    if (anchor) {
      event.preventDefault();
      anchor.scrollIntoView({ block: 'start' });
    } else if (onTask && target instanceof HTMLInputElement) {
      // The box is drawn again with the text; where that does not come, it stays as it was.
      event.preventDefault();
      const boxes = [...boxesIn(place)];
      if (isDrawn && latest === parsed) onTask(boxes.indexOf(target), boxes.length);
    }
  });

  return {
    show(text) {
      if (text === latest) return;
      latest = text;
      if (parsed === undefined) parse();
      else plan();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

const boxesIn = (place: HTMLElement): NodeListOf<HTMLInputElement> => place.querySelectorAll('input[type="checkbox"]');

/** The stretch that differs, between what is equal at both ends. */
function difference(
  shown: readonly Shown[],
  blocks: readonly MarkdownBlock[],
): { readonly from: number; readonly removed: number; readonly added: readonly MarkdownBlock[] } {
  const max = Math.min(shown.length, blocks.length);
  let from = 0;
  while (from < max && shown[from]?.key === blocks[from]?.key) from++;
  let tail = 0;
  while (tail < max - from && shown[shown.length - 1 - tail]?.key === blocks[blocks.length - 1 - tail]?.key) tail++;
  return { from, removed: shown.length - tail - from, added: blocks.slice(from, blocks.length - tail) };
}
