import type { ReactiveControllerHost } from 'lit';

/** The name of the highlight; `::highlight(chat-find)` gives it its look, in each shadow root by itself. */
const NAME = 'chat-find';
/** More marks than this help nobody, and cost time with each piece of an answer. */
const MAX = 2000;

/**
 * Marks every place below `root`, shadow roots included, that holds the words. Nothing in the document changes: the
 * browser draws the marks by itself, where it can (CSS Custom Highlight API). Empty words take the marks away.
 */
function markText(root: ParentNode, words: string): void {
  if (!('highlights' in CSS)) return;
  const wanted = words.trim().toLowerCase();
  if (wanted === '') {
    CSS.highlights.delete(NAME);
    return;
  }
  const ranges: Range[] = [];
  for (const text of textsBelow(root)) {
    const content = text.data.toLowerCase();
    for (let at = content.indexOf(wanted); at >= 0 && ranges.length < MAX; at = content.indexOf(wanted, at + wanted.length)) {
      // A letter whose small form is longer moves the places after it: no mark is better than a wrong one.
      if (content.length !== text.length) break;
      const range = new Range();
      range.setStart(text, at);
      range.setEnd(text, at + wanted.length);
      ranges.push(range);
    }
  }
  CSS.highlights.set(NAME, new Highlight(...ranges));
}

function* textsBelow(root: ParentNode): Generator<Text> {
  for (const node of root.childNodes) {
    if (node instanceof Text) yield node;
    else if (node instanceof HTMLElement && !(node instanceof HTMLStyleElement)) {
      yield* textsBelow(node.shadowRoot ?? node);
    }
  }
}

export interface TextMarks {
  /** Marks these words from now on; '' takes the marks away. */
  show(words: string): void;
  /** What is marked has grown: the marks follow in the next frame. */
  follow(): void;
}

/** The marks of a search in an element's text, kept while that changes: Markdown is drawn in slices, and answers grow. */
export function textMarks(host: ReactiveControllerHost, root: () => ParentNode | null): TextMarks {
  let wanted = '';
  let frame = 0;
  const draw = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const marked = root();
      if (marked) markText(marked, wanted);
    });
  };
  host.addController({
    hostDisconnected() {
      cancelAnimationFrame(frame);
      if (wanted !== '') markText(document, '');
      wanted = '';
    },
  });
  return {
    show(words) {
      wanted = words;
      draw();
    },
    follow() {
      if (wanted !== '') draw();
    },
  };
}
