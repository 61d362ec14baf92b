import type { Extension } from '@codemirror/state';
import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { scrollerOf } from '#ui/controllers/scroller.ts';
import { onMessages, underMessages } from '#ui/controllers/under-messages.ts';

const covered = (view: EditorView): number => underMessages(() => scrollerOf(view.dom) ?? view.dom);

/** Whether the caret is in what is seen of the note. */
function isInSight(view: EditorView): boolean {
  const caret = view.coordsAtPos(view.state.selection.main.head);
  const seen = (scrollerOf(view.dom) ?? view.dom).getBoundingClientRect();
  return caret !== null && caret.bottom > seen.top && caret.top < seen.bottom;
}

/** Scrolls the line with the caret above the messages, unless a person has scrolled away from it. */
class LineKeeper {
  private readonly view: EditorView;
  private readonly stop: () => void;
  /** What comes into the text or is drawn pushes the caret out of sight without a scroll: it is followed. */
  wasInSight = true;

  constructor(view: EditorView) {
    this.view = view;
    this.stop = onMessages(() => this.keepClear());
  }

  update({ selectionSet, heightChanged }: ViewUpdate): void {
    if (selectionSet) this.wasInSight = true;
    if (heightChanged) this.keepClear();
  }

  destroy(): void {
    this.stop();
  }

  /** A view that changes takes no other change, nor a page of which sizes are being reported: it waits for the next frame. */
  private keepClear(): void {
    requestAnimationFrame(() => {
      const { view, wasInSight } = this;
      if (!wasInSight || !view.hasFocus || covered(view) === 0) return;
      view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main, { y: 'nearest' }) });
    });
  }
}

/**
 * Messages of the frame do not lie over the line in which one writes: it is scrolled above them when they come, with each key, and when a
 * picture in it has been drawn.
 */
export const clearOfMessages: Extension = [
  EditorView.scrollMargins.of((view) => {
    const bottom = covered(view);
    // A line with a small picture is higher than its caret.
    return { bottom: bottom > 0 ? bottom + view.defaultLineHeight : 0 };
  }),
  ViewPlugin.fromClass(LineKeeper, {
    eventObservers: {
      scroll(_, view) {
        this.wasInSight = isInSight(view);
      },
    },
  }),
];
