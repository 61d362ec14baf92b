import type { Extension } from '@codemirror/state';
import { EditorView, ViewPlugin } from '@codemirror/view';
import { scrollerOf } from '#ui/controllers/scroller.ts';
import { onMessages, underMessages } from '#ui/controllers/under-messages.ts';

/** In px: a line with a small picture is higher than its caret. */
const AIR = 16;

const covered = (view: EditorView): number => underMessages(scrollerOf(view.dom) ?? view.dom);

/** Messages of the frame do not lie over the line in which one writes: it is scrolled above them when they come, and with each key. */
export const clearOfMessages: Extension = [
  EditorView.scrollMargins.of((view) => {
    const bottom = covered(view);
    return { bottom: bottom > 0 ? bottom + AIR : 0 };
  }),
  ViewPlugin.define((view) => ({
    // A view that changes takes no other change: the listener waits for the end of its turn.
    destroy: onMessages(() =>
      queueMicrotask(() => {
        if (!view.hasFocus || covered(view) === 0) return;
        view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main, { y: 'nearest' }) });
      }),
    ),
  })),
];
