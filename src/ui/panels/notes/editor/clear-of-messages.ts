import type { Extension } from '@codemirror/state';
import { EditorView, ViewPlugin } from '@codemirror/view';
import { scrollerOf } from '#ui/controllers/scroller.ts';
import { onMessages, underMessages } from '#ui/controllers/under-messages.ts';

const covered = (view: EditorView): number => underMessages(() => scrollerOf(view.dom) ?? view.dom);

/** A view that changes takes no other change, nor a page of which sizes are being reported: it waits for the next frame. */
const keepClear = (view: EditorView): void =>
  void requestAnimationFrame(() => {
    if (!view.hasFocus || covered(view) === 0) return;
    view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main, { y: 'nearest' }) });
  });

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
  ViewPlugin.define((view) => ({
    update: ({ heightChanged }) => {
      if (heightChanged) keepClear(view);
    },
    destroy: onMessages(() => keepClear(view)),
  })),
];
