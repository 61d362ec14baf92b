import type { ReactiveControllerHost } from 'lit';
import type { PlacesIn } from '#ui/text/find-places.ts';
import { keepInSight, scrollerOf } from './scroller.ts';

/** The names of the highlights; `findMarkStyles` gives them their look, in each shadow root by itself. */
const ALL = 'found';
const CURRENT = 'found-current';
/** More marks than this help nobody, and cost time with each piece of an answer. */
const MAX = 2000;

/** Everything below `root`, shadow roots included, but not what `skip` selects. */
function* textsBelow(root: ParentNode, skip: string): Generator<Text> {
  for (const node of root.childNodes) {
    if (node instanceof Text) yield node;
    else if (node instanceof HTMLElement && !(node instanceof HTMLStyleElement) && (skip === '' || !node.matches(skip))) {
      yield* textsBelow(node.shadowRoot ?? node, skip);
    }
  }
}

function rangesBelow(root: ParentNode, places: PlacesIn, skip: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const text of textsBelow(root, skip)) {
    for (const [from, to] of places(text.data)) {
      const range = new Range();
      range.setStart(text, from);
      range.setEnd(text, to);
      ranges.push(range);
      if (ranges.length >= MAX) return ranges;
    }
  }
  return ranges;
}

export interface TextMarks {
  /** Marks these places from now on; null takes the marks away. `first`: and goes to the first of them. */
  show(places: PlacesIn | null, first?: boolean): void;
  /** What is marked has grown: the marks follow in the next frame. */
  follow(): void;
  /** Goes so many places on, round the end. */
  step(by: number): void;
  readonly total: number;
  /** The present place, from 0; -1 where there is none. */
  readonly at: number;
}

export interface TextMarksOptions {
  readonly root: () => ParentNode | null;
  /** Elements whose text is not looked at. */
  readonly skip?: string;
  /** Something else than the end is looked at. */
  readonly onStep?: () => void;
}

/**
 * Places marked in an element's text, kept while that changes: Markdown is drawn in slices, and answers grow. Nothing in the
 * document changes: the browser draws the marks by itself, where it can (CSS Custom Highlight API).
 */
export function textMarks(host: ReactiveControllerHost, { root, skip = '', onStep }: TextMarksOptions): TextMarks {
  let wanted: PlacesIn | null = null;
  let ranges: readonly Range[] = [];
  let at = -1;
  let isNew = false;
  let frame = 0;

  const paint = (): void => {
    if (!('highlights' in CSS)) return;
    const current = ranges[at];
    CSS.highlights.set(ALL, new Highlight(...ranges));
    const highlight = new Highlight(...(current ? [current] : []));
    highlight.priority = 1;
    CSS.highlights.set(CURRENT, highlight);
  };

  const clear = (): void => {
    ranges = [];
    at = -1;
    if (!('highlights' in CSS)) return;
    CSS.highlights.delete(ALL);
    CSS.highlights.delete(CURRENT);
  };

  const goTo = (next: number): void => {
    at = next;
    onStep?.();
    reveal(ranges[at]);
    paint();
    host.requestUpdate();
  };

  const look = (): void => {
    cancelAnimationFrame(frame);
    const marked = root();
    if (!marked || !wanted) return;
    const before = ranges.length;
    ranges = rangesBelow(marked, wanted, skip);
    if (at >= ranges.length) at = ranges.length - 1;
    if (isNew && ranges.length > 0) {
      isNew = false;
      goTo(0);
    } else {
      paint();
      if (before !== ranges.length) host.requestUpdate();
    }
  };

  const draw = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(look);
  };

  host.addController({
    hostDisconnected() {
      cancelAnimationFrame(frame);
      if (wanted) clear();
      wanted = null;
    },
  });

  return {
    get total() {
      return ranges.length;
    },
    get at() {
      return at;
    },
    show(places, first = false) {
      if (!places && !wanted) return;
      wanted = places;
      isNew = first;
      at = -1;
      cancelAnimationFrame(frame);
      if (places) draw();
      else clear();
      host.requestUpdate();
    },
    follow() {
      if (wanted) draw();
    },
    step(by) {
      // A fast Enter comes before the frame in which the words would be looked for.
      if (isNew) look();
      const { length } = ranges;
      if (length > 0) goTo(at < 0 ? (by > 0 ? 0 : length - 1) : (at + by + length) % length);
    },
  };
}

/** Into the middle of what scrolls: its element first, whose place the browser knows also where it is not laid out yet. */
function reveal(range: Range | undefined): void {
  const element = range?.startContainer.parentElement;
  if (!range || !element) return;
  for (let fold = element.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) fold.open = true;
  element.scrollIntoView({ block: 'center', inline: 'nearest' });
  const scroller = scrollerOf(element);
  if (scroller) keepInSight(scroller, () => range.getBoundingClientRect());
}
