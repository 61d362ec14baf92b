import { css } from 'lit';
import { findMarkStyles } from './find-marks.ts';

/** How Markdown looks where it is read: in the preview of a note, and in a chat. Blocks are the children of an `article`. */
export const markdownStyles = css`
  ${findMarkStyles}

  article {
    font: 400 1rem / var(--leading-text) var(--font-text);
    overflow-wrap: anywhere;
  }

  /* A block of the text. Those out of sight are neither laid out nor painted. */
  article > div {
    display: flow-root;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 6rem;
  }

  article > div:first-child > :first-child {
    margin-block-start: 0;
  }

  h1,
  h2,
  h3,
  h4,
  h5,
  h6 {
    margin-block: 0.7em 0.5em;
    line-height: 1.3;
  }

  h1 {
    font-size: 1.5rem;
  }

  h2 {
    font-size: 1.25rem;
  }

  h3 {
    font-size: 1.1rem;
  }

  h4,
  h5,
  h6 {
    font-size: 1rem;
  }

  p,
  ul,
  ol,
  pre,
  blockquote,
  table {
    margin-block: 0 1em;
  }

  ul,
  ol {
    padding-inline-start: 1.6em;
    list-style: revert;
  }

  li > ul,
  li > ol {
    margin-block-end: 0;
  }

  li:has(> input, > p > input) {
    list-style: none;
  }

  li > input,
  li > p > input {
    margin-block: 0;
    margin-inline: -1.4em 0.5em;
  }

  blockquote {
    margin-inline: 0;
    padding-inline-start: 1em;
    border-inline-start: 3px solid var(--line-strong);
    color: var(--ink-2);
  }

  code {
    padding: 0.1em 0.3em;
    border-radius: var(--radius-s);
    background: var(--surface-sunken);
    color: var(--code);
    font-family: var(--font-mono);
    font-size: 0.9em;
  }

  pre {
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--surface-sunken);
    overflow-x: auto;
    line-height: 1.55;
  }

  pre code {
    padding: 0;
    background: none;
    color: inherit;
  }

  hr {
    margin-block: 1em 2em;
    border: 0;
    border-block-start: 1px solid var(--line);
  }

  table {
    display: block;
    max-inline-size: 100%;
    overflow-x: auto;
    border-collapse: collapse;
  }

  /* Words stay whole: a table that is too wide scrolls. */
  th,
  td {
    overflow-wrap: normal;
    padding: 0.35em 0.75em;
    border: 1px solid var(--line);
  }

  img {
    max-inline-size: 100%;
    block-size: auto;
    border-radius: var(--radius-m);
  }

  .remote-image {
    display: inline-block;
    padding: var(--space-1) var(--space-3);
    border: 1px dashed var(--line-strong);
    border-radius: var(--radius-m);
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  /* Each item in its own direction, the marks on the side of the list's. */
  li {
    unicode-bidi: plaintext;
    text-align: start;
  }

  details {
    margin-block: 0 1em;
  }

  summary {
    inline-size: fit-content;
    cursor: pointer;
  }

  details > summary + * {
    margin-block-start: 0.5em;
  }

  /* Formulas bring no font: each system has one for mathematics, or draws them in its text font. */
  math {
    direction: ltr;
    font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Noto Sans Math", math;
    font-style: normal;
    overflow-wrap: normal;
  }

  .formula.display {
    display: block;
    max-inline-size: 100%;
    padding-block: var(--space-2);
    overflow: auto hidden;
    text-align: center;
  }

  .wrong-formula {
    text-decoration: underline wavy var(--bad);
  }

  .code {
    position: relative;
  }

  .code button {
    position: absolute;
    inset-block-start: var(--space-1);
    right: var(--space-1);
    min-block-size: 1.75rem;
    padding-inline: var(--space-2);
    border: 1px solid var(--line);
    border-radius: var(--radius-s);
    background: var(--surface-raised);
    color: var(--ink-2);
    font: inherit;
    font-size: var(--text-xs);
    cursor: pointer;
  }

  /* Out of the way of the code, and in sight where there is no pointer that could rest on it. */
  @media (hover: hover) {
    .code button {
      opacity: 0;
    }

    .code:is(:hover, :focus-within) button {
      opacity: 1;
    }
  }

  /* A link to a note that is not there yet. */
  .missing-link {
    color: var(--ink-2);
    text-decoration: underline dashed var(--line-strong);
  }

  sup {
    font-size: 0.75em;
    line-height: 1;
  }

  section {
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .hljs-comment,
  .hljs-quote,
  .hljs-meta {
    color: var(--ink-3);
    font-style: italic;
  }

  .hljs-keyword,
  .hljs-selector-tag,
  .hljs-tag,
  .hljs-section,
  .hljs-title,
  .hljs-name {
    color: var(--accent-ink);
  }

  .hljs-string,
  .hljs-regexp,
  .hljs-addition,
  .hljs-attribute,
  .hljs-template-tag {
    color: var(--good);
  }

  .hljs-number,
  .hljs-literal,
  .hljs-symbol,
  .hljs-bullet,
  .hljs-variable,
  .hljs-template-variable {
    color: var(--code);
  }

  .hljs-built_in,
  .hljs-type,
  .hljs-attr,
  .hljs-property {
    color: var(--warn);
  }

  .hljs-deletion {
    color: var(--bad);
  }
`;
