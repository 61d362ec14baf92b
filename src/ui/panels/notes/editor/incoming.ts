import { Annotation } from '@codemirror/state';

/** Marks a change that came from another tab or device: it is shown, not saved again, and not undone by Ctrl+Z. */
export const incoming = Annotation.define<true>();
