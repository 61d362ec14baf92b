import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Custom properties pass into the shadow root, so that one theme serves all skins. */
const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '1rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-text)', lineHeight: 'var(--leading-text)', overflowX: 'visible' },
  '.cm-content': { padding: '0 0 40vh', caretColor: 'var(--accent-ink)' },
  '.cm-line': { padding: '0 var(--space-2)', overflowWrap: 'anywhere' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': {
    backgroundColor: 'color-mix(in oklab, var(--surface-hover) 55%, transparent)',
    borderRadius: 'var(--radius-s)',
  },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  // Replaced by a panel of the app's own (note-find.ts).
  '.cm-panels': { display: 'none' },
  '.cm-searchMatch': { backgroundColor: 'var(--mark)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--accent-ink)' },
});

const mark = { color: 'var(--ink-3)', fontWeight: '400' };

/** Marks stay in sight but step back; what they mean is shown. */
const highlight = HighlightStyle.define([
  { tag: tags.heading1, fontSize: '1.5em', fontWeight: '700', lineHeight: '1.35' },
  { tag: tags.heading2, fontSize: '1.2em', fontWeight: '700' },
  { tag: tags.heading3, fontSize: '1.08em', fontWeight: '700' },
  { tag: [tags.heading4, tags.heading5, tags.heading6], fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: tags.monospace, fontFamily: 'var(--font-mono)', fontSize: '0.92em', color: 'var(--code)' },
  { tag: tags.quote, color: 'var(--ink-2)' },
  { tag: tags.link, color: 'var(--accent-ink)' },
  { tag: tags.url, color: 'var(--accent-ink)' },
  { tag: tags.contentSeparator, color: 'var(--ink-3)' },
  { tag: tags.atom, color: 'var(--accent-ink)' },
  { tag: tags.labelName, fontFamily: 'var(--font-mono)', fontSize: '0.92em', color: 'var(--ink-2)' },
  { tag: [tags.processingInstruction, tags.meta, tags.escape], ...mark },
]);

export const editorLook: Extension = [theme, syntaxHighlighting(highlight)];
